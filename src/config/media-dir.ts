import { stat } from "node:fs/promises";
import { ConfigError, NoInput } from "../errors.ts";
import type { CoreConfig } from "./schema.ts";

/**
 * The library folder, for whoever cannot work without it.
 * @throws {ConfigError} when none is set
 * @throws {NoInput} when it is missing or not a folder; the message holds its path: for the command line only
 */
export async function requireMediaDir({ media: { media_dir } }: Pick<CoreConfig, "media">): Promise<string> {
  if (media_dir === undefined) {
    throw new ConfigError(
      "no library folder: set media.media_dir in config.toml, or ANICARGO_MEDIA_DIR, to the folder of your releases",
    );
  }
  const folder = await stat(media_dir).catch((cause) => {
    throw new NoInput(`cannot open the library folder ${media_dir}: check media.media_dir and that it is mounted`, {
      cause,
    });
  });
  if (!folder.isDirectory()) throw new NoInput(`media.media_dir is not a folder: ${media_dir}`);
  return media_dir;
}
