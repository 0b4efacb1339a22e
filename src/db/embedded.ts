/**
 * The embedded PostgreSQL: joined by every process that needs it, started by the first, stopped by the last. No process
 * is its parent or owner, so any of them may be killed at any time. `layout.ts` shows the folders.
 */
import type { Logger } from "../log.ts";
import { carried } from "./carried.ts";
import { clusterMajor, EMBEDDED_ROLE, makeCluster, refuseOtherMajor } from "./cluster.ts";
import { type ServerSettings, stopServer } from "./postmaster.ts";
import { keepPresence } from "./presence-keeper.ts";
import { installedFolders, installedServer, type ServerPrograms, unpackServer } from "./server-programs.ts";
import { folderProblem, prepareSite, type Site } from "./site.ts";
import { ensurePresent } from "./start.ts";

/** The database of ours on the embedded server. */
const EMBEDDED_DATABASE = "anicargo";

export interface EmbeddedOptions {
  /** Start the server again when it dies, however often it takes. */
  keepAlive?: boolean;
  /** Added to the server's settings if this process starts it; the tests' way to trade safety for speed. */
  settings?: ServerSettings;
}

export interface EmbeddedServer {
  /** The folder of its socket. */
  host: string;
  username: string;
  database: string;
  /** Leaves; stops the server when nobody else uses it. */
  close(): Promise<void>;
}

/**
 * Brings the embedded server up, or joins the one that runs.
 * @param dataDir absolute
 * @throws PermissionDenied, CannotCreate, ConfigError (made by another major version), Unavailable
 */
export async function joinEmbedded(
  dataDir: string,
  log: Logger,
  options: EmbeddedOptions = {},
): Promise<EmbeddedServer> {
  const { site, programs } = await settle(dataDir).catch((error) => {
    throw folderProblem(error, dataDir);
  });
  const join = () => ensurePresent({ ...site, programs, settings: options.settings ?? {} }, log);
  const keeper = keepPresence(await join(), join, options.keepAlive ?? false, log);
  const close = async () => {
    const presence = await keeper.stop();
    // A broken connection cannot leave; whoever comes next finds the server up, or starts it.
    const alone = await presence.leave().catch(() => false);
    if (alone) await stopServer(site.layout);
    await presence.end();
  };
  try {
    await keeper.presence().ensureDatabase(EMBEDDED_DATABASE);
    return { host: site.layout.socketFolder, username: EMBEDDED_ROLE, database: EMBEDDED_DATABASE, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Everything on disk: folders, programs, cluster. After the first time it only looks. */
async function settle(dataDir: string): Promise<{ site: Site; programs: ServerPrograms }> {
  const site = await prepareSite(dataDir);
  const made = await clusterMajor(site.layout);
  if (carried) refuseOtherMajor(made, carried.major, site.layout);
  const programs = carried
    ? await unpackServer(carried, site)
    : await installedServer(made, await installedFolders(process.env.PATH ?? ""));
  refuseOtherMajor(made, programs.major, site.layout);
  if (made === undefined) await makeCluster(site, programs);
  return { site, programs };
}
