/** Playing: from a media file to what a player takes. */
import { Elysia } from "elysia";
import { definePlugin } from "../../src/plugin.ts";
import { hlsCommand } from "./command.ts";
import { hlsConfig } from "./config.ts";
import { checkFfmpeg } from "./doctor.ts";
import { createSurvey, indexJob } from "./index-job.ts";
import { hlsJob } from "./job.ts";
import hlsSql from "./migrations/0001-hls.sql" with { type: "text" };
import indexSql from "./migrations/0002-index.sql" with { type: "text" };
import { notices } from "./notices.ts";
import { remuxJob } from "./remux-job.ts";
import { hlsRoutes } from "./routes.ts";
import { createHls } from "./service.ts";
import { createSweeper } from "./sweeper.ts";
import { thumbnailsJob } from "./thumbnails/job.ts";
import { findTools } from "./tools.ts";
import { watchRoutes } from "./watch.ts";

/** A player asks for many of them, as fast as it can. */
const FILE_PATH = /^\/(hls\/.+\/(\w+_\d{1,6}\.m4s|init_\w+\.mp4|thumbnails_\d+\.jpg|fonts\/[^/]+)|media\/.+)$/;

export const hls = definePlugin({
  name: "hls",
  config: hlsConfig,
  migrations: [
    { name: "0001-hls", sql: hlsSql },
    { name: "0002-index", sql: indexSql },
  ],
  notices,
  commands: (open) => ({ hls: hlsCommand(open) }),
  doctor: (config) => checkFfmpeg(config.ffmpeg_path),
  setup(core, config) {
    const service = createHls(core, config);
    const sweeper = createSweeper(service);
    const survey = createSurvey(core);
    return {
      routes: new Elysia().use(hlsRoutes(service, core.http.auth)).use(watchRoutes(service, core.http.auth)),
      jobs: [hlsJob(service), remuxJob(service), indexJob(service, core.sql), thumbnailsJob(service)],
      health: async () => {
        try {
          return { ok: true, detail: findTools(config.ffmpeg_path).ffmpeg };
        } catch (error) {
          return { ok: false, detail: (error as Error).message };
        }
      },
      describe: service.describe,
      unlimited: (pathname) => FILE_PATH.test(pathname),
      async start() {
        await sweeper.start();
        await survey.start();
      },
      async stop() {
        await survey.stop();
        await sweeper.stop();
        await service.close();
      },
    };
  },
});
