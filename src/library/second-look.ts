/** Files that are just being written: looked at twice. */
import { stat } from "node:fs/promises";
import { joinPath } from "./display-path.ts";
import { type SeenFile, toMicroseconds } from "./seen-file.ts";

const RECENT_MS = 10_000;
/** Between the two looks. */
export const LOOK_AGAIN_MS = 1000;
const FILES_AT_ONCE = 64;

/** Whether the file was touched so lately that it may still be growing. A time in the future counts: clocks differ. */
export const isRecent = (file: SeenFile, now: number): boolean => file.mtime / 1000 > now - RECENT_MS;

/** Looks at the files again. @returns those that are not what they were */
export async function stillChanging(root: string, files: readonly SeenFile[]): Promise<Set<SeenFile>> {
  const changing = new Set<SeenFile>();
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    await Promise.all(
      files.slice(from, from + FILES_AT_ONCE).map(async (file) => {
        const now = await stat(joinPath(root, file.bytes ?? file.path) as string).catch(() => undefined);
        if (now?.size !== file.size || toMicroseconds(now.mtimeMs) !== file.mtime) changing.add(file);
      }),
    );
  }
  return changing;
}
