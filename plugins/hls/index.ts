/** Playing: from a media file to what a player takes. */
import { Elysia } from "elysia";
import { definePlugin } from "../../src/plugin.ts";
import { hlsCommand } from "./command.ts";
import { hlsConfig } from "./config.ts";
import { checkFfmpeg } from "./doctor.ts";
import { hlsJob } from "./job.ts";
import hlsSql from "./migrations/0001-hls.sql" with { type: "text" };
import { hlsRoutes } from "./routes.ts";
import { createHls } from "./service.ts";
import { createSweeper } from "./sweeper.ts";
import { findTools } from "./tools.ts";
import { watchRoutes } from "./watch.ts";

const SEGMENT_PATH = /^\/hls\/.+\/(seg_\d{1,6}\.(ts|m4s)|init\.mp4)$/;

export const hls = definePlugin({
  name: "hls",
  config: hlsConfig,
  migrations: [{ name: "0001-hls", sql: hlsSql }],
  commands: (open) => ({ hls: hlsCommand(open) }),
  doctor: (config) => checkFfmpeg(config.ffmpeg_path),
  setup(core, config) {
    const service = createHls(core, config);
    const sweeper = createSweeper(service);
    return {
      routes: new Elysia().use(hlsRoutes(service, core.http.auth)).use(watchRoutes(service, core.http.auth)),
      jobs: [hlsJob(service)],
      health: async () => {
        try {
          return { ok: true, detail: findTools(config.ffmpeg_path).ffmpeg };
        } catch (error) {
          return { ok: false, detail: (error as Error).message };
        }
      },
      describe: service.describe,
      unlimited: (pathname) => SEGMENT_PATH.test(pathname),
      start: sweeper.start,
      stop: sweeper.stop,
    };
  },
});
