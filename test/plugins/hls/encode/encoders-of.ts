/** The processes that encode a film, as the kernel knows them. */
import { readdir, readFile } from "node:fs/promises";

export interface Running {
  pid: number;
  /** `R`, `S`, or `T` for one that is stopped. */
  state: string;
}

export async function encodersOf(file: string): Promise<Running[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
        if (!words.includes(`file:${file}`)) return null;
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        return { pid: Number(pid), state: stat.slice(stat.lastIndexOf(")") + 2)[0]! };
      } catch {
        // It ended meanwhile.
        return null;
      }
    }),
  );
  return found.filter((one) => one !== null);
}
