/** Asks a qBittorrent for its version, in a process of its own: `bun ask-version.ts CONFIG`. */
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import { AppError } from "../../../src/errors.ts";

try {
  console.log((await createQbittorrent(JSON.parse(process.argv[2]!)).version()).version);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.log(error.message);
}
