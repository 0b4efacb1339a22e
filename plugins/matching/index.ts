/** Knowing what each file is: from what its path says to a Bangumi subject and episode. */
import { Elysia } from "elysia";
import { definePlugin } from "../../src/plugin.ts";
import { bangumiForPeople, bangumiOf } from "../bangumi/service.ts";
import { loadAliasIndex } from "./alias-index.ts";
import { createAniList } from "./anilist/service.ts";
import { matchCommand } from "./command.ts";
import { matchingConfig } from "./config.ts";
import { decideGroup } from "./decide.ts";
import { autoMatchJob } from "./job.ts";
import matchingSql from "./migrations/0001-matching.sql" with { type: "text" };
import anilistSql from "./migrations/0002-anilist.sql" with { type: "text" };
import { notices } from "./notices.ts";
import { RULES_VERSION } from "./plan.ts";
import { matchingRoutes } from "./routes.ts";
import { seriesRoutes } from "./series/routes.ts";
import { createMatching } from "./service.ts";

export const matching = definePlugin({
  name: "matching",
  requires: ["bangumi"],
  config: matchingConfig,
  notices,
  migrations: [
    { name: "0001-matching", sql: matchingSql },
    { name: "0002-anilist", sql: anilistSql },
  ],
  commands: (open) => ({ match: matchCommand(open) }),
  setup(core, config) {
    const catalog = bangumiOf(core);
    const anilist = config.anilist ? createAniList({ ...core, config }) : undefined;
    const service = createMatching({
      sql: core.sql,
      log: core.log,
      bangumi: catalog,
      bangumiForPeople: bangumiForPeople(core),
      decide: async (group, limits) =>
        decideGroup(group, { catalog, aliases: await loadAliasIndex(), ...(anilist && { anilist }) }, limits),
      rules: `${RULES_VERSION}${config.anilist ? " with AniList" : ""}`,
    });
    return {
      routes: new Elysia()
        .use(matchingRoutes(service, core.jobs, core.http.auth))
        .use(seriesRoutes(core.sql, core.http.auth)),
      jobs: [autoMatchJob(service, core.sql, core.jobs)],
      describe: service.describe,
    };
  },
});
