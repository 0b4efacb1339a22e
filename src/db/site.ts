/** The ground the embedded server stands on: its folders, with the right owners. */
import { chmod, chown, lchown, lstat, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CannotCreate, PermissionDenied } from "../errors.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { type Launch, launchAs, type Owner, type ServerUser, serverUser } from "./server-user.ts";

export interface Site {
  layout: Layout;
  user: ServerUser;
  /** Who gets what we make there, when we are root in a folder that is not root's. */
  owner: Owner | undefined;
  launch: Launch;
}

/**
 * Makes the folders below (and including) the data folder.
 * @param dataDir absolute
 * @throws PermissionDenied, and the system's own errors (see {@link folderProblem})
 */
export async function prepareSite(dataDir: string): Promise<Site> {
  const layout = layoutOf(dataDir);
  await makePassable(dataDir);
  const owner = await foreignOwner(dataDir);
  for (const folder of [layout.root, layout.servers]) {
    await makePassable(folder);
    if (owner) await chown(folder, owner.uid, owner.gid);
  }
  const user = await serverUser(layout.pgdata, dataDir);
  await ownFolder(layout.socketFolder, user);
  return { layout, user, owner, launch: await launchAs(user, layout.root) };
}

/** Folders that we make are ours alone, save that as root we let the server's user pass through. */
async function makePassable(folder: string): Promise<void> {
  const mode = process.getuid!() === 0 ? 0o711 : 0o700;
  const first = await mkdir(folder, { recursive: true, mode });
  if (first === undefined) return;
  // A umask of 077 would have closed them.
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, mode);
}

/**
 * A service that runs as its own user owns its data folder; an administrator's `sudo anicargo` must leave nothing in
 * there that the service cannot use afterwards.
 */
async function foreignOwner(dataDir: string): Promise<Owner | undefined> {
  const { uid, gid } = await stat(dataDir);
  return process.getuid!() === 0 && uid !== 0 ? { uid, gid } : undefined;
}

/** Gives a folder and all that is in it to somebody. */
export async function giveFolder(folder: string, { uid, gid }: Owner): Promise<void> {
  await lchown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, gid);
}

/**
 * The socket's folder is the only lock on the database's door (see `cluster.ts`), so it is checked and not merely made:
 * under /tmp a stranger could have been there first.
 */
async function ownFolder(folder: string, user: ServerUser): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const there = await lstat(folder);
  if (!there.isDirectory() || (there.uid !== user.uid && there.uid !== process.getuid!()))
    throw new PermissionDenied(`${folder} belongs to somebody else: remove it, or set db.data_dir to a shorter path`);
  await chmod(folder, 0o700);
  if (there.uid !== user.uid) await chown(folder, user.uid, user.gid);
}

/** Turns the system's refusal into a line that says what to do. */
export function folderProblem(error: unknown, dataDir: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path ?? dataDir;
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new PermissionDenied(
        `the data folder cannot be used: ${where} is not ours to write: give it to this user (chown), or set db.data_dir (ANICARGO_DATA_DIR)`,
        { cause: error },
      );
    case "ENOTDIR":
    case "EEXIST":
      return new CannotCreate(
        `the data folder cannot be made: ${where} is not a folder: set db.data_dir (ANICARGO_DATA_DIR)`,
        {
          cause: error,
        },
      );
    case "ENOSPC":
    case "EDQUOT":
      return new CannotCreate(`the data folder cannot be made: no space left for ${where}`, { cause: error });
    default:
      return error;
  }
}
