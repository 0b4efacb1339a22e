/** Bangumi (bgm.tv), where subjects and episodes are known by number. */
import { definePlugin } from "../../src/plugin.ts";
import { searchCommand, syncCommand } from "./command.ts";
import { bangumiConfig } from "./config.ts";
import { checkBangumi } from "./doctor.ts";
import bangumiSql from "./migrations/0001-bangumi.sql" with { type: "text" };
import { bangumiRoutes } from "./routes.ts";
import { createBangumi, provideBangumi } from "./service.ts";

export const bangumi = definePlugin({
  name: "bangumi",
  config: bangumiConfig,
  migrations: [{ name: "0001-bangumi", sql: bangumiSql }],
  commands: (open) => ({ "bangumi-search": searchCommand(open), "bangumi-sync": syncCommand(open) }),
  doctor: (config) => checkBangumi(config),
  setup(core, config) {
    const service = createBangumi(core, config);
    provideBangumi(core, service.forJobs, service.forPeople);
    return {
      routes: bangumiRoutes(service.forPeople, core.http.auth),
      // A failed one degrades the process and does not end its service: what is cached goes on working.
      health: async () => service.health(),
    };
  },
});
