/** `anicargo hls`. */
import { AppError, command, EXIT, type MediaFile, type OpenCore, UsageError } from "../../src/plugin.ts";
import { MEDIA_ID } from "./cache-names.ts";
import { capabilitiesOf } from "./capabilities.ts";
import type { HlsConfig } from "./config.ts";
import { createHls } from "./service.ts";
import { findTools } from "./tools.ts";

export const hlsCommand = (open: OpenCore<HlsConfig>) =>
  command({
    description: "Makes the HLS rendition of a media file and prints the path of its playlist",
    examples: ["hls 0123456789abcdef", "hls --codecs h264,aac 0123456789abcdef"],
    args: {
      media_id: { type: "positional", required: true, description: "The id that `anicargo scan` shows" },
      codecs: {
        type: "string",
        default: "all",
        valueHint: "LIST",
        description: "What the player takes, such as h264,aac: everything else is transcoded",
      },
    },
    run: ({ args, json, terminal }) => {
      if (!MEDIA_ID.test(args.media_id)) {
        throw new UsageError("a media id is 16 hex digits: `anicargo scan` lists them");
      }
      return open(async ({ core, config, finish }) => {
        const hls = createHls(core, config);
        const capabilities = capabilitiesOf(args.codecs, null);
        try {
          const media = await hls.find(args.media_id);
          const playlist = (await hls.complete(media, capabilities)) ?? (await make(media));
          if (json) terminal.printJson({ id: media.id, playlist });
          else terminal.print(playlist);
        } finally {
          await hls.close();
        }

        async function make(media: MediaFile): Promise<string> {
          // Said here with its own exit code, not as a job that failed.
          const show = await hls.show(media, capabilities);
          if (show?.stream.mode !== "copy") findTools(config.ffmpeg_path);
          const job = await finish(await hls.enqueue(media, capabilities), terminal.progress);
          const made = await hls.complete(media, capabilities);
          if (job.status === "done" && made) return made;
          throw new AppError(job.last_error ?? "the file changed meanwhile: try again", 500, EXIT.failed);
        }
      });
    },
  });
