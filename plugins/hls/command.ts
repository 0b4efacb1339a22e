/** `anicargo hls`. */
import { AppError, command, EXIT, type OpenCore, UsageError } from "../../src/plugin.ts";
import { MEDIA_ID } from "./cache.ts";
import type { HlsConfig } from "./config.ts";
import { createHls } from "./service.ts";
import { findTools } from "./tools.ts";

export const hlsCommand = (open: OpenCore<HlsConfig>) =>
  command({
    description: "Makes the HLS rendition of a media file and prints the path of its playlist",
    examples: ["hls 0123456789abcdef", "hls --json 0123456789abcdef"],
    args: { media_id: { type: "positional", required: true, description: "The id that `anicargo scan` shows" } },
    run: ({ args, json, terminal }) => {
      if (!MEDIA_ID.test(args.media_id)) {
        throw new UsageError("a media id is 16 hex digits: `anicargo scan` lists them");
      }
      return open(async ({ core, config, finish }) => {
        const hls = createHls(core, config);
        const media = await hls.find(args.media_id);
        const make = async () => {
          // Said here with its own exit code, not as a job that failed.
          findTools(config.ffmpeg_path);
          const job = await finish(await hls.enqueue(media), terminal.progress);
          const made = await hls.ready(media);
          if (job.status === "done" && made) return made;
          throw new AppError(job.last_error ?? "the file changed meanwhile: try again", 500, EXIT.failed);
        };
        const { playlist } = (await hls.ready(media)) ?? (await make());
        if (json) terminal.printJson({ id: media.id, playlist });
        else terminal.print(playlist);
      });
    },
  });
