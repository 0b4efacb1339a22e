/** What the server's last words mean. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type AppError, PermissionDenied, Unavailable } from "../errors.ts";
import type { Layout } from "./layout.ts";
import { postmasterPid } from "./postmaster.ts";
import { isAlive } from "./whole-folder.ts";

/** Another server is there (or was killed a moment ago and its sessions are still going): asking again makes sense. */
export const isRefusedForNow = (complaint: string): boolean =>
  /lock file ".*" (already exists|is empty)|pre-existing shared memory block/.test(complaint);

/** @param complaint what the server wrote before it ended */
export function startProblem(complaint: string, layout: Layout): AppError {
  const fatal = /(?:FATAL|PANIC|ERROR): {2}(.*)/.exec(complaint)?.[1] ?? complaint.trim().split("\n").at(-1) ?? "";
  if (/Permission denied|wrong ownership|invalid permissions/.test(complaint))
    return new PermissionDenied(`the embedded database cannot be started: ${fatal}: check who owns ${layout.pgdata}`);
  if (complaint.includes("could not create any Unix-domain sockets"))
    return new Unavailable(
      `the embedded database cannot be started: ${layout.socketFolder} takes no sockets: set db.data_dir to a folder on a local disk`,
    );
  if (complaint.includes("No space left on device"))
    return new Unavailable(`the embedded database cannot be started: no space left for ${layout.pgdata}`);
  return new Unavailable(`the embedded database cannot be started: ${fatal || "it said nothing"}: see ${layout.log}`);
}

/**
 * After a power cut or in a restarted container, the process number in `postmaster.pid` may belong to another program
 * by now. PostgreSQL then refuses to start for ever; we can look at what that program is.
 */
export async function dropStaleProcessFile(layout: Layout): Promise<void> {
  const pid = await postmasterPid(layout);
  if (pid === undefined || !isAlive(pid) || (await isPostgres(pid))) return;
  if ((await postmasterPid(layout)) === pid) await rm(join(layout.pgdata, "postmaster.pid"), { force: true });
}

/** Also true where it cannot be known. */
async function isPostgres(pid: number): Promise<boolean> {
  const self = await readFile("/proc/self/stat", "utf8").catch(() => undefined);
  if (self === undefined) return true;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // `42 (postgres) S …`; a zombie has ended, only its parent has not heard.
  return /\((postgres|postmaster)\) [^ZX]/.test(stat);
}
