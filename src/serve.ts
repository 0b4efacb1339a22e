/** `anicargo serve`: everything open until a signal comes. */
import type { App } from "./app.ts";
import { type CommandDef, command } from "./command.ts";

export const serveCommand = (open: () => Promise<App>, signal: AbortSignal): CommandDef =>
  command({
    description: "Migrates the database, starts the server and the job loop, logs where to click",
    examples: ["serve", "serve --media.media_dir /srv/anime --server.bind 127.0.0.1:3000"],
    run: async () => {
      const app = await open();
      try {
        await app.serve();
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        app.core.log.info("stopping");
      } finally {
        await app.stop();
      }
    },
  });
