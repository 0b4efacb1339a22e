/** Which system user the embedded server runs as. PostgreSQL refuses to run as root. */
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { PermissionDenied } from "../errors.ts";

/** A user and group by number. */
export interface Owner {
  uid: number;
  gid: number;
}

export interface ServerUser extends Owner {
  /** True when it is somebody else than us: we are root, and files must be given to it. */
  other: boolean;
}

/** How to start a program as the server's user. */
export interface Launch {
  /** Goes before the program's own arguments. */
  prefix: string[];
  /** For `Bun.spawn`. */
  identity: { uid?: number; gid?: number };
}

const FALLBACK_USERS = ["anicargo", "nobody"];

/**
 * Ourselves, unless we are root: then whoever owns the cluster or else the data folder, else the user `anicargo`, else
 * `nobody`.
 * @param pgdata the cluster, which may not exist yet
 * @param dataDir exists
 * @throws PermissionDenied when the cluster is another user's
 */
export async function serverUser(pgdata: string, dataDir: string): Promise<ServerUser> {
  const uid = process.getuid!();
  const cluster = await ownerOf(pgdata);
  if (uid !== 0) {
    if (cluster && cluster.uid !== uid)
      throw new PermissionDenied(
        `the database in ${pgdata} belongs to user ${cluster.uid}: run anicargo as that user or as root, or set db.data_dir`,
      );
    return { uid, gid: process.getgid!(), other: false };
  }
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  const user = cluster?.uid ? cluster : pickUser(await stat(dataDir), passwd);
  if (!user)
    throw new PermissionDenied(
      "PostgreSQL does not run as root and there is no user to run it as: add one named anicargo (useradd --system anicargo), or set db.database_url",
    );
  return { uid: user.uid, gid: user.gid, other: true };
}

/**
 * For root making a new cluster. The folder's owner must have a name, for initdb insists on one: a folder mounted
 * into a container often belongs to a number.
 * @param passwd the text of /etc/passwd
 */
export function pickUser(folder: Owner, passwd: string): Owner | undefined {
  const users = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  if (folder.uid !== 0 && users.some(({ uid }) => uid === folder.uid)) return { uid: folder.uid, gid: folder.gid };
  const user = FALLBACK_USERS.map((wanted) => users.find(({ name }) => name === wanted)).find(Boolean);
  return user && { uid: user.uid, gid: user.gid };
}

/**
 * A data folder below one that only root may enter (`mktemp -d`, `/root`) is out of the server's reach, although its
 * own folder in there belongs to it. util-linux's setpriv then grants it the one capability to pass through
 * (and, unavoidably, to read): CAP_DAC_READ_SEARCH, never to write. Everywhere else it gets none.
 */
export async function launchAs(user: ServerUser, folder: string): Promise<Launch> {
  if (!user.other) return { prefix: [], identity: {} };
  const closed = await closedFolder(folder, user);
  if (closed === undefined) return { prefix: [], identity: { uid: user.uid, gid: user.gid } };
  const prefix = [
    "setpriv",
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
    // Without it access(2), with which initdb looks for its neighbour, ignores the capability.
    "--securebits=+no_setuid_fixup",
  ];
  if (await works([...prefix, "true"])) return { prefix, identity: {} };
  throw new PermissionDenied(
    `PostgreSQL runs as user ${user.uid}, who may not enter ${closed}: chmod o+x ${closed}, or set db.data_dir to another folder`,
  );
}

/** The topmost folder on the way to `folder` that the user may not enter; access lists (ACL) are not looked at. */
async function closedFolder(folder: string, user: Owner): Promise<string | undefined> {
  const chain = [folder];
  while (dirname(chain[0]!) !== chain[0]) chain.unshift(dirname(chain[0]!));
  for (const path of chain) if (!mayEnter(await stat(path), user)) return path;
  return undefined;
}

/** What the mode bits say about passing through a folder. */
export function mayEnter(folder: Owner & { mode: number }, user: Owner): boolean {
  const bit = folder.uid === user.uid ? 0o100 : folder.gid === user.gid ? 0o010 : 0o001;
  return (folder.mode & bit) !== 0;
}

async function works(command: string[]): Promise<boolean> {
  if (!existsSync("/proc/self") || !Bun.which(command[0]!)) return false;
  return (await Bun.spawn(command, { stdout: "ignore", stderr: "ignore" }).exited) === 0;
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
