/** What every feature is handed: the services of the house, and nothing about any other feature. */
import type { Sql } from "postgres";
import type { CoreConfig } from "./config/schema.ts";
import type { JobQueue } from "./jobs/job.ts";
import type { EventHub } from "./lib/event-hub.ts";
import type { Logger } from "./log.ts";

export type { EventHub };

export type Role = "admin" | "user";

/** Who asks. The role is the database's, never a claim of the token. */
export interface Caller {
  userId: string;
  role: Role;
}

/** The part of Elysia's context that guards read. */
export interface GuardContext {
  request: Request;
}

/**
 * Guards for routes, used as `new Elysia().derive(core.http.auth.user)`: they run before the body is validated, so that a
 * stranger learns nothing, and add `caller` to the context. They throw `Unauthorized` or `Forbidden`.
 */
export interface Guards {
  user(context: GuardContext): Promise<{ caller: Caller }>;
  admin(context: GuardContext): Promise<{ caller: Caller }>;
  /** Like `user`, but also takes `?token=`: for event streams and files that a player fetches. */
  userOrQuery(context: GuardContext): Promise<{ caller: Caller }>;
  /** A token for one item's files only, refused by the API; lives 12 hours and dies with the user or the password. */
  signFileToken(caller: Caller, mediaId: string): Promise<string>;
  /** Accepts a file token of this item, or a login token; throws `Unauthorized`. */
  checkFileToken(token: string, mediaId: string): Promise<Caller>;
}

/** A media file as a feature needs it to open it. */
export interface MediaFile {
  id: string;
  /** Relative to the media folder, as shown to people. */
  path: string;
  /** Absolute and openable by any program, also when the real name is not UTF-8 (then a link in the cache folder). */
  file: string;
  /** Bytes. */
  size: number;
  /** Changes when the content may have changed (inode, size, modification time): a part of cache keys. */
  version: string;
}

/** The library as other features see it. */
export interface Media {
  /** What the database and the disk say now; null when the id is unknown. Throws `Gone` when the file is missing on disk. */
  find(id: string): Promise<MediaFile | null>;
}

export interface Core {
  config: CoreConfig;
  log: Logger;
  sql: Sql;
  jobs: JobQueue;
  /** Fed by the database's notifications, so that it spans processes. */
  events: EventHub;
  media: Media;
  http: { auth: Guards };
  /** Aborted when the process begins to shut down. */
  signal: AbortSignal;
}
