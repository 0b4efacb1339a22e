/** Which PostgreSQL to run: the carried one, unpacked once, or one that is installed. */

import { existsSync } from "node:fs";
import { chmod, readdir, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Unavailable } from "../errors.ts";
import type { Carried } from "./carried.ts";
import type { Layout } from "./layout.ts";
import { giveFolder, type Site } from "./site.ts";
import { makeWhole, sweepLeftOvers } from "./whole-folder.ts";

export interface ServerPrograms {
  /** The folder with `postgres` and `initdb`. */
  bin: string;
  major: number;
}

/** The oldest release whose SQL we speak. */
export const OLDEST_MAJOR = 14;

/** Unpacks the carried server if that was not done yet; 0.3 s once, nothing later. */
export async function unpackServer(carried: Carried, { layout, owner }: Site): Promise<ServerPrograms> {
  const home = join(layout.servers, carried.id);
  if (!existsSync(home)) {
    await sweepLeftOvers(home);
    const tar = await Bun.zstdDecompress(await Bun.file(carried.archive).bytes());
    await makeWhole(home, async (temporary) => {
      await new Bun.Archive(tar).extract(temporary);
      // The archive keeps contents only; these two are the programs.
      for (const program of ["postgres", "initdb"]) await chmod(join(temporary, "bin", program), 0o755);
      if (owner) await giveFolder(temporary, owner);
    });
  }
  return { bin: join(home, "bin"), major: carried.major };
}

/** Removes the servers of older binaries. Only for the process that has just started the one in use. */
export async function removeOtherServers(programs: ServerPrograms, layout: Layout): Promise<void> {
  for (const name of await readdir(layout.servers).catch(() => [] as string[])) {
    const home = join(layout.servers, name);
    if (name.includes(".tmp-") || join(home, "bin") === programs.bin) continue;
    // Only room would be won: a folder of another owner may stay.
    await rm(home, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * An installed PostgreSQL: the one that made the cluster if there is one, else the newest.
 * @param wanted the cluster's major version, undefined when there is none yet
 * @throws Unavailable when none is installed
 */
export async function installedServer(wanted: number | undefined, folders: readonly string[]): Promise<ServerPrograms> {
  const found: ServerPrograms[] = [];
  for (const bin of folders) {
    const major = existsSync(join(bin, "initdb")) ? await majorOf(join(bin, "postgres")) : undefined;
    if (major !== undefined && major >= OLDEST_MAJOR) found.push({ bin, major });
  }
  found.sort((a, b) => b.major - a.major);
  const server = found.find(({ major }) => major === wanted) ?? found[0];
  if (server) return server;
  throw new Unavailable(
    `this build of anicargo carries no PostgreSQL for the platform and none is installed: install PostgreSQL ${OLDEST_MAJOR} or later (apt install postgresql, apk add postgresql), or set db.database_url`,
  );
}

/** Where packages put servers: PATH, and the folders of Debian, Alpine and Red Hat that are not on it. */
export async function installedFolders(path: string): Promise<string[]> {
  const versioned = await Promise.all(
    ["/usr/lib/postgresql", "/usr/libexec"].map(async (parent) =>
      (await readdir(parent).catch(() => [] as string[])).map((name) => join(parent, name, "bin")),
    ),
  );
  return [...path.split(delimiter).filter(Boolean), ...versioned.flat(), "/usr/pgsql/bin"];
}

async function majorOf(postgres: string): Promise<number | undefined> {
  if (!existsSync(postgres)) return undefined;
  const text = await new Response(Bun.spawn([postgres, "--version"], { stderr: "ignore" }).stdout).text();
  const major = /PostgreSQL\) (\d+)/.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}
