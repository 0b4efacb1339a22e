/** Logging: the terminal always, files with daily rotation when enabled. */
import type { Writable } from "node:stream";
import { type ConsolaInstance, type ConsolaReporter, createConsola, type InputLogObject, LogTypes } from "consola";
import type { CoreConfig } from "./config/schema.ts";
import type { Level } from "./lib/level.ts";
import { openLogFiles } from "./log-files.ts";
import { plainLine, sentence } from "./log-line.ts";

/** Facts beside the sentence; values under names that sound secret are masked. */
export type Fields = Record<string, unknown>;

export interface Logger {
  error(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
  trace(message: string, fields?: Fields): void;
  /** A logger whose lines carry this tag (a feature's name). */
  child(tag: string): Logger;
}

export interface LoggerOptions {
  /** Where the terminal is. Default: standard error. */
  stream?: Writable & { isTTY?: boolean };
}

/** Megabytes of the settings are those of disks. */
const MB = 1_000_000;

/** The levels as consola numbers them. Its own `trace` prints a stack under every line, so ours goes by `verbose`. */
const CONSOLA = {
  error: { level: 0, type: "error" },
  warn: { level: 1, type: "warn" },
  info: { level: 3, type: "info" },
  debug: { level: 4, type: "debug" },
  trace: { level: 5, type: "verbose" },
} as const;

const ignore = (): void => {};

/**
 * Logs to standard error: for people when it is a terminal, a plain line each otherwise; and into files when enabled.
 * Stacks and causes of errors are told at debug level and below.
 */
export function createLogger(
  config: CoreConfig["logging"],
  { stream = process.stderr }: LoggerOptions = {},
): Logger & { close(): Promise<void> } {
  // A reader that has gone (`anicargo serve 2>&1 | head`) must not end the program.
  if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
  const { level } = CONSOLA[config.level];
  const terminal = createConsola({
    level,
    types: { ...LogTypes, verbose: { level: CONSOLA.trace.level } },
    defaults: { badge: false } as InputLogObject, // one line each, also where something is wrong
    // Everything goes to one stream: standard output is for data.
    stdout: stream as NodeJS.WriteStream,
    stderr: stream as NodeJS.WriteStream,
    throttle: 0, // repeated lines are lines too
    ...(stream.isTTY ? {} : { reporters: [lines((line) => stream.write(`${line}\n`))] }),
  });
  const verbose = level >= CONSOLA.debug.level;
  if (!config.enabled) return { ...leveled(terminal, verbose), close: async () => {} };

  const files = openLogFiles({
    folder: config.path,
    maxBytes: config.max_total_mb * MB,
    onFailure: (error) =>
      log.warn("log files cannot be written, going on without: check logging.path", { folder: config.path, error }),
  });
  terminal.addReporter(lines(files.write));
  const log = leveled(terminal, verbose);
  return { ...log, close: files.close };
}

const lines = (write: (line: string) => void): ConsolaReporter => ({
  log: ({ date, type, tag, args }) =>
    write(plainLine(date, type === CONSOLA.trace.type ? "trace" : type, tag, args.join(" "))),
});

function leveled(terminal: ConsolaInstance, verbose: boolean): Logger {
  const at = (name: Level) => {
    const { level, type } = CONSOLA[name];
    return (message: string, fields?: Fields): void => {
      // Asked here too, so that a line that is not logged costs nothing.
      if (terminal.level >= level) terminal[type](sentence(message, fields, verbose));
    };
  };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    trace: at("trace"),
    child: (tag) => leveled(terminal.withTag(tag), verbose),
  };
}
