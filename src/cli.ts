/** The command line: strict flags, one place that turns an error into a line and an exit code. */
import { type CommandDef, renderUsage, runCommand } from "citty";
import { type App, openApp } from "./app.ts";
import { checkArguments, resolveCommand, takeSettings } from "./argv.ts";
import { examplesOf } from "./command.ts";
import { configCommand } from "./config/command.ts";
import { type LoadedConfig, loadConfig } from "./config/load.ts";
import { doctorCommand } from "./doctor.ts";
import { AppError, EXIT } from "./errors.ts";
import { healthcheckCommand } from "./healthcheck.ts";
import { printable } from "./lib/printable.ts";
import { indexCommand, scanCommand } from "./library/command.ts";
import { createLogger } from "./log.ts";
import { mask } from "./log-mask.ts";
import type { AnyPlugin, OpenCore } from "./plugin.ts";
import { serveCommand } from "./serve.ts";
import { userCommand } from "./users/command.ts";
import { versionLine } from "./version.ts";

export interface Invocation {
  argv: readonly string[];
  plugins: readonly AnyPlugin[];
  /** Aborted by SIGINT or SIGTERM with an {@link Interrupted}. */
  signal: AbortSignal;
}

/** Why a command ends early; carries the exit code of its signal (130, 143). */
export class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super("interrupted");
  }
}

/** Runs one invocation to its end. @returns the exit code; never throws. */
export async function runCli({ argv, plugins, signal }: Invocation): Promise<number> {
  const opened: Promise<App>[] = [];
  let debug = /^(debug|trace)$/.test(process.env.ANICARGO_LOG_LEVEL ?? "");
  try {
    const settings = takeSettings(argv);
    debug ||= /^(debug|trace)$/.test(settings.flags["logging.level"] ?? "");
    const load = async (): Promise<LoadedConfig> => {
      const loaded = await loadConfig({
        sections: plugins.map(({ name, config }) => ({ name, schema: config })),
        configPath: settings.configPath,
        flags: settings.flags,
        env: process.env,
        cwd: process.cwd(),
        home: process.env.HOME ?? "/",
      });
      debug ||= /^(debug|trace)$/.test(loaded.core.logging.level);
      return loaded;
    };
    const root = rootCommand({ plugins, load, signal, opened });
    const { chain, rest } = resolveCommand(root, settings.rest);
    const { name, command } = chain.at(-1)!;
    if (rest.some((word) => word === "--help" || word === "-h")) {
      process.stdout.write(`${await usage(chain)}\n`);
      return EXIT.done;
    }
    if (chain.length === 1 && (rest[0] === "--version" || rest[0] === "-v")) {
      const notices = plugins.flatMap((plugin) => plugin.notices ?? []);
      process.stdout.write([versionLine(), ...notices].map((line) => `${line}\n`).join(""));
      return EXIT.done;
    }
    checkArguments((command.args ?? {}) as Parameters<typeof checkArguments>[0], rest);
    if (!command.run) {
      process.stderr.write(`${await usage(chain)}\n`);
      return EXIT.usage;
    }
    const ended = runCommand(command, { rawArgs: rest }).then(
      ({ result }) => (result as number | undefined) ?? EXIT.done,
    );
    // `serve` ends by itself when the signal comes.
    return name === "serve" ? await ended : await Promise.race([ended, interruption(signal)]);
  } catch (error) {
    if (error instanceof Interrupted) {
      // What was opened hands its job back and stops its database before the process ends.
      await Promise.allSettled(opened.map(async (app) => (await app).stop()));
      return error.exitCode;
    }
    process.stderr.write(`${describe(error, debug)}\n`);
    return error instanceof AppError ? error.exitCode : EXIT.bug;
  }
}

interface Surroundings {
  plugins: readonly AnyPlugin[];
  load: () => Promise<LoadedConfig>;
  signal: AbortSignal;
  /** Every app that is opened is added here, so that an interruption can stop it. */
  opened: Promise<App>[];
}

function rootCommand({ plugins, load, signal, opened }: Surroundings): CommandDef {
  const openLoaded = async (loaded: LoadedConfig, quiet: boolean): Promise<App> => {
    const { logging } = loaded.core;
    // A one-shot command says what it has to say itself: only what goes wrong is logged beside it.
    const log = createLogger(quiet && logging.level === "info" ? { ...logging, level: "warn" } : logging);
    for (const warning of loaded.warnings) log.warn(warning);
    try {
      const app = await openApp({ loaded, plugins, log, signal, keepAlive: !quiet });
      return { ...app, stop: () => app.stop().finally(log.close) };
    } catch (error) {
      await log.close();
      throw error;
    }
  };
  const open = (loaded: LoadedConfig, quiet: boolean): Promise<App> => {
    const app = openLoaded(loaded, quiet);
    opened.push(app);
    return app;
  };
  const openCore =
    (name: string): OpenCore =>
    async (use) => {
      const loaded = await load();
      const app = await open(loaded, true);
      try {
        const { core, finish } = app;
        return await Promise.race([use({ core, config: loaded.plugins[name], finish }), interruption(signal)]);
      } finally {
        await app.stop();
      }
    };
  const core = openCore("core");
  const features = plugins.flatMap((plugin) => Object.entries(plugin.commands?.(openCore(plugin.name)) ?? {}));
  return {
    meta: {
      name: "anicargo",
      description: "An anime library server: indexes a folder, knows what is in it, plays it anywhere.",
    },
    subCommands: {
      serve: serveCommand(async () => open(await load(), false), signal),
      scan: scanCommand(load),
      index: indexCommand(core),
      ...Object.fromEntries(features),
      user: userCommand(core),
      config: configCommand(load),
      doctor: doctorCommand(load, plugins),
      healthcheck: healthcheckCommand(load),
    },
  };
}

/** Rejects when the signal comes. */
const interruption = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });

async function usage(chain: { name: string; command: CommandDef }[]): Promise<string> {
  const path = chain.map((step) => step.name).join(" ");
  const { command } = chain.at(-1)!;
  const named = { ...command, meta: { ...(command.meta as object), name: path } };
  const examples = examplesOf(command).map((line) => `\n    anicargo ${line}`);
  const text =
    (await renderUsage(named as CommandDef)) + (examples.length > 0 ? `\nEXAMPLES\n${examples.join("")}\n` : "");
  return process.stdout.isTTY ? text : Bun.stripANSI(text);
}

/** One line that says what to do next; the stack and the causes only at debug level. */
function describe(error: unknown, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const line =
    error instanceof AppError
      ? `anicargo: ${message}`
      : `anicargo: internal error: ${message} (this is a bug: run again with --logging.level debug and report what it prints)`;
  // A configuration error may list several problems, a line each.
  const shown = line.split("\n").map(printable).join("\n");
  return mask(debug ? `${shown}\n${Bun.inspect(error)}` : shown);
}
