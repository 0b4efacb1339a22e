/** qBittorrent: completed downloads walk into the library. */
import { definePlugin } from "../../src/plugin.ts";
import { clientOf, createQbittorrent } from "./client.ts";
import { addCommand, syncCommand } from "./command.ts";
import { qbittorrentConfig } from "./config.ts";
import { checkQbittorrent } from "./doctor.ts";
import { syncJob } from "./job.ts";
import qbittorrentSql from "./migrations/0001-qbittorrent.sql" with { type: "text" };
import { createRecurring } from "./recurring.ts";
import { qbittorrentRoutes } from "./routes.ts";
import { createDownloads } from "./service.ts";

export const qbittorrent = definePlugin({
  name: "qbittorrent",
  requires: ["matching"],
  config: qbittorrentConfig,
  migrations: [{ name: "0001-qbittorrent", sql: qbittorrentSql }],
  commands: (open) => ({ "qbittorrent-add": addCommand(open), "qbittorrent-sync": syncCommand(open) }),
  doctor: (config, core) => checkQbittorrent(config, core, createQbittorrent(config)),
  setup(core, config) {
    const downloads = createDownloads(core, config, () => clientOf(core, config));
    const recurring = createRecurring(core, downloads);
    return {
      routes: qbittorrentRoutes(downloads, core.http.auth),
      jobs: [syncJob(downloads, core.jobs, core.log)],
      // A failed one degrades the process and does not end its service.
      health: downloads.health,
      start: recurring.start,
      stop: recurring.stop,
    };
  },
});
