/** The cluster: made once, never touched when another PostgreSQL made it. */
import { chmod, chown, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, Unavailable } from "../errors.ts";
import type { Layout } from "./layout.ts";
import type { ServerPrograms } from "./server-programs.ts";
import type { Site } from "./site.ts";
import { makeWhole, sweepLeftOvers } from "./whole-folder.ts";

/** The role that owns everything in the embedded database. */
export const EMBEDDED_ROLE = "anicargo";

/** The major version that made the cluster; undefined when there is none yet. */
export async function clusterMajor(layout: Layout): Promise<number | undefined> {
  const text = await readFile(join(layout.pgdata, "PG_VERSION"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** @throws ConfigError when another major version made the cluster: PostgreSQL cannot read it */
export function refuseOtherMajor(made: number | undefined, runs: number, layout: Layout): void {
  if (made === undefined || made === runs) return;
  throw new ConfigError(
    `the database in ${layout.pgdata} was made by PostgreSQL ${made} and this anicargo runs ${runs}; nothing was changed. ` +
      `Go back to the anicargo that made it, or run PostgreSQL ${made} on that folder and set db.database_url, ` +
      `or move the folder away to begin anew`,
  );
}

/** Makes the cluster if there is none; 0.7 s once. A kill in between leaves a folder that the next start sweeps. */
export async function makeCluster({ layout, user, launch }: Site, programs: ServerPrograms): Promise<void> {
  await sweepLeftOvers(layout.pgdata);
  await makeWhole(layout.pgdata, async (temporary) => {
    await mkdir(temporary, { mode: 0o700 });
    await chmod(temporary, 0o700);
    if (user.other) await chown(temporary, user.uid, user.gid);
    const child = Bun.spawn(
      [...launch.prefix, join(programs.bin, "initdb"), "--pgdata", temporary, ...initdbArguments(programs.major)],
      { ...launch.identity, cwd: "/", env: SERVER_ENV, stdin: "ignore", stdout: "ignore", stderr: "pipe" },
    );
    const [complaint, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
    if (code !== 0) throw new Unavailable(initdbProblem(complaint), { cause: new Error(complaint) });
  });
}

/** Nothing of our environment reaches the server: no PG* variables, no secrets of ours in its /proc/<pid>/environ. */
export const SERVER_ENV = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/**
 * Everyone who reaches the socket is trusted (`--auth=trust`), because reaching it is the authentication: its folder
 * and itself are 0700 and belong to the server's user, so the kernel lets in that user and root, which is the very set
 * that `peer` with a map would allow. Unlike `peer`, it does not need a name for our user id (containers often
 * have none). There is no TCP listener.
 */
function initdbArguments(major: number): string[] {
  // The builtin provider knows Unicode and depends on no library's collation version; it came with 17.
  const locale = major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
  return [`--username=${EMBEDDED_ROLE}`, "--auth=trust", "--encoding=UTF8", "--locale=C", ...locale];
}

/** @param complaint what initdb wrote on standard error */
export function initdbProblem(complaint: string): string {
  if (complaint.includes("could not look up effective user ID"))
    return "PostgreSQL cannot run as a user id without a name: run as a user listed in /etc/passwd (add a line for this id), or set db.database_url";
  if (complaint.includes("No space left on device"))
    return "the database cannot be made: no space left in the data folder";
  if (complaint.includes("error while loading shared libraries"))
    return `the carried PostgreSQL does not run on this system (${lastLine(complaint)}): install PostgreSQL and set db.database_url`;
  return `the database cannot be made: ${lastLine(complaint)}`;
}

/** The last line that says something, without the program's name. */
const lastLine = (text: string) =>
  text
    .split("\n")
    .filter((line) => /error|fatal|denied|cannot|could not|fail/i.test(line))
    .at(-1)
    ?.replace(/^[^:]*initdb: /, "")
    .trim() ?? "initdb failed";
