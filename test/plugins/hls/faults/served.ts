/** The plugin's services behind a real socket, for as long as a test takes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Hls } from "../../../../plugins/hls/service.ts";
import { newFolder } from "../fixtures.ts";
import { script } from "../script.ts";
import { type Serving, serving } from "../serving.ts";

/** Ends all that `hls` started, and it cannot be used any more. */
export async function served<T>(hls: Hls, use: (http: Serving) => Promise<T>): Promise<T> {
  const http = await serving(hls);
  try {
    return await use(http);
  } finally {
    await http.stop();
    await hls.close();
  }
}

/**
 * The real ffmpeg behind a script that notes down its number, and may do something first.
 * @param before shell commands; given the file of the numbers, one in a line
 */
export async function wrapped(before = (_log: string) => "") {
  const log = join(newFolder(), "runs");
  const program = await script(`echo $$ >> '${log}'\n${before(log)}\nexec ffmpeg "$@"`, "ffmpeg");
  const pids = async () => (existsSync(log) ? (await Bun.file(log).text()).trim().split("\n").map(Number) : []);
  return { ffmpeg_path: program, pids };
}
