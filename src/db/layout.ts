/**
 * Where the embedded database lives:
 *
 *     <data_dir>/postgres/
 *       server/<id>/        the server unpacked from the binary (bin, lib, share), one folder a version
 *       pgdata/             the cluster: the only thing here that cannot be made again
 *       run/                its Unix socket, for its own user and root only (or under /tmp, see `socketFolder`)
 *       server.log          what the server says; one older part is kept as server.log.1
 *       *.tmp-<pid>-<rand>  something being made; renamed when whole, swept when left over
 */
import { createHash } from "node:crypto";
import { join } from "node:path";

export interface Layout {
  root: string;
  servers: string;
  pgdata: string;
  socketFolder: string;
  log: string;
}

/** What the kernel takes for a Unix socket's address, without the closing NUL. */
const SOCKET_PATH_MAX = 107;
/** PostgreSQL names its socket after the port, although there is none. */
export const SOCKET_PORT = 5432;

/** @param dataDir absolute */
export function layoutOf(dataDir: string): Layout {
  const root = join(dataDir, "postgres");
  return {
    root,
    servers: join(root, "server"),
    pgdata: join(root, "pgdata"),
    socketFolder: socketFolder(dataDir),
    log: join(root, "server.log"),
  };
}

/**
 * `run` in the data folder where its path fits into a socket's address, else a folder under /tmp that every process
 * derives alike from the data folder (hence not `$TMPDIR`, which differs between a service and a shell).
 */
export function socketFolder(dataDir: string): string {
  const inside = join(dataDir, "postgres", "run");
  if (Buffer.byteLength(join(inside, `.s.PGSQL.${SOCKET_PORT}`)) <= SOCKET_PATH_MAX) return inside;
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return join("/tmp", `anicargo-${hash}`);
}
