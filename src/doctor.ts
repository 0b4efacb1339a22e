/** `anicargo doctor`: looks at everything the server depends on and says what to do about what is wrong. */
import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { type CommandDef, command } from "./command.ts";
import type { LoadedConfig } from "./config/load.ts";
import { requireMediaDir } from "./config/media-dir.ts";
import { openDatabase } from "./db/connect.ts";
import { AppError, EXIT } from "./errors.ts";
import { createLogger } from "./log.ts";
import type { AnyPlugin, Checkup } from "./plugin.ts";

/** Below this much free space in the cache folder a rendition may not fit. */
const LOW_SPACE_GIB = 5;

export const doctorCommand = (load: () => Promise<LoadedConfig>, plugins: readonly AnyPlugin[]): CommandDef =>
  command({
    description: "Checks every dependency and says how to mend what is wrong",
    examples: ["doctor", "doctor --json"],
    run: async ({ json, terminal }) => {
      const loaded = await load();
      const found: Checkup[] = [
        { name: "configuration", ok: true, detail: loaded.file ?? "no file, defaults and environment" },
        ...loaded.warnings.map((detail) => ({ name: "configuration", ok: false, detail, fix: "correct or remove it" })),
        await check("media folder", () => requireMediaDir(loaded.core)),
        await check("cache folder", async () => cacheFolder(loaded.core.media.cache_dir)),
        await check("database", () => database(loaded)),
      ];
      for (const plugin of plugins) {
        found.push(...((await plugin.doctor?.(loaded.plugins[plugin.name], loaded.core)) ?? []));
      }
      if (json) terminal.printJson(found);
      else for (const checkup of found) terminal.print(line(checkup));
      return found.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
    },
  });

const line = ({ name, ok, detail, fix }: Checkup): string =>
  `${ok ? "ok  " : "FAIL"}  ${name}: ${detail}${fix && !ok ? ` -> ${fix}` : ""}`;

/** A check that throws has failed; the message of an `AppError` says what to do already. */
async function check(name: string, look: () => Promise<string>): Promise<Checkup> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    if (error instanceof AppError) return { name, ok: false, detail: error.message };
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function cacheFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  accessSync(path, constants.W_OK);
  const { bavail, bsize } = statfsSync(path);
  const free = (bavail * bsize) / 2 ** 30;
  return `${path}, ${free.toFixed(1)} GiB free${free < LOW_SPACE_GIB ? " (little: a rendition needs up to the size of its file)" : ""}`;
}

async function database(loaded: LoadedConfig): Promise<string> {
  const log = createLogger(loaded.core.logging);
  const opened = await openDatabase(loaded.core.db, log);
  try {
    const [row] = await opened.sql<{ version: string }[]>`select current_setting('server_version') as version`;
    return `${opened.kind} PostgreSQL ${row!.version}`;
  } finally {
    await opened.close();
    await log.close();
  }
}
