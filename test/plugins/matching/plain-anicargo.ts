/** The command line with the real Bangumi client and the plain rules of `house.ts`, so that a test of a command is one of the command alone. */
import { bangumi } from "../../../plugins/bangumi/index.ts";
import { bangumiOf } from "../../../plugins/bangumi/service.ts";
import { matchCommand } from "../../../plugins/matching/command.ts";
import { matchingConfig } from "../../../plugins/matching/config.ts";
import { autoMatchJob } from "../../../plugins/matching/job.ts";
import matchingSql from "../../../plugins/matching/migrations/0001-matching.sql" with { type: "text" };
import { createMatching } from "../../../plugins/matching/service.ts";
import { runCli } from "../../../src/cli.ts";
import { definePlugin } from "../../../src/plugin.ts";
import { plainDecide } from "./house.ts";

const matching = definePlugin({
  name: "matching",
  requires: ["bangumi"],
  config: matchingConfig,
  migrations: [{ name: "0001-matching", sql: matchingSql }],
  commands: (open) => ({ match: matchCommand(open) }),
  setup({ sql, log, jobs }) {
    const catalog = bangumiOf({ sql });
    const decide: ReturnType<typeof plainDecide> = async (group, limits) => {
      if (group.files[0]!.path.startsWith("Bug")) throw new TypeError("a bug");
      return plainDecide(catalog)(group, limits);
    };
    const service = createMatching({ sql, log, bangumi: catalog, bangumiForPeople: catalog, decide, rules: "1" });
    return { jobs: [autoMatchJob(service, sql, jobs)] };
  },
});

const { signal } = new AbortController();
process.exit(await runCli({ argv: process.argv.slice(2), plugins: [bangumi, matching], signal }));
