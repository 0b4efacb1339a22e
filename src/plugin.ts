/**
 * The contract between the house and a feature: the one file a plugin author reads, and the only one of `src/`, beside
 * `src/lib/*`, that a plugin imports.
 */
import type { AnyElysia } from "elysia";
import type { Static, TObject } from "typebox";
import type { CommandDef } from "./command.ts";
import type { Core } from "./core.ts";
import type { Migration } from "./db/migration-plan.ts";
import type { AnyJob, Job, Json, Progress } from "./jobs/job.ts";

export { type CommandDef, command } from "./command.ts";
export type { CoreConfig } from "./config/schema.ts";
export type { Caller, Core, EventHub, Guards, Media, MediaFile } from "./core.ts";
export * from "./errors.ts";
export {
  type AnyJob,
  type Commit,
  FatalJobError,
  type Job,
  type JobContext,
  type JobDefinition,
  JobSnooze,
  type Json,
  type Progress,
} from "./jobs/job.ts";
export type { Reading, ReadTitle, ReleaseKind } from "./library/reader/reading.ts";
export type { Logger } from "./log.ts";
export { version } from "./version.ts";
export type { Migration };

/** One line of `/api/health`; `detail` is shown to admins only. */
export interface Health {
  ok: boolean;
  detail?: string;
}

/** One line of `anicargo doctor`; `fix` says what to do when it is not ok. */
export interface Checkup {
  name: string;
  ok: boolean;
  detail: string;
  fix?: string;
}

/** What `setup` returns: the parts of a feature that exist once everything is open. */
export interface Feature {
  /** An instance without a listener; prefix and tags are its own. */
  routes?: AnyElysia;
  jobs?: readonly AnyJob[];
  health?(): Promise<Health>;
  /** Facts for `GET /api/library/:id`, merged into the entry (`{ tracks: […] }`). Must answer fast: what is not known is absent. */
  describe?(mediaId: string): Promise<Record<string, Json>>;
  /** Whether a request for this path is free of the rate limit (media segments). Never used to decide who may. */
  unlimited?(pathname: string): boolean;
  /** Called by `serve` before it listens, not by commands. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** What a command works with, opened when it is run and closed after it. */
export interface Opened<Config = unknown> {
  core: Core;
  /** The plugin's own section. */
  config: Config;
  /** Runs the job in this process, or follows the process that runs it; resolves when it has ended. */
  finish(jobId: string, onProgress?: (progress: Progress) => void): Promise<Job>;
}

/** Opens database, queue and features, calls `use`, closes everything again; returns what `use` returned. */
export type OpenCore<Config = unknown> = <T>(use: (opened: Opened<Config>) => Promise<T>) => Promise<T>;

export interface Plugin<S extends TObject = TObject> {
  /** Folder = TOML section = route prefix = migration namespace = log tag. */
  name: string;
  requires?: readonly string[];
  /** Its TOML section; see `src/config/schema.ts` for the annotations. */
  config: S;
  migrations?: readonly Migration[];
  /** What the licences of carried data ask to be said; printed by `--version`. */
  notices?: readonly string[];
  /** Declared before anything opens, so that `--help` needs no database. */
  commands?: (open: OpenCore<Static<S>>) => Record<string, CommandDef>;
  /** Checks for `anicargo doctor` that need no database. */
  doctor?(config: Static<S>, core: Core["config"]): Promise<Checkup[]>;
  setup(core: Core, config: Static<S>): Feature | Promise<Feature>;
}

/** Keeps the schema's type, so that `setup` sees its config typed. */
export const definePlugin = <S extends TObject>(plugin: Plugin<S>): Plugin<S> => plugin;

// biome-ignore lint/suspicious/noExplicitAny: a list of plugins with different schemas
export type AnyPlugin = Plugin<any>;
