/**
 * A process that uses the embedded database, to be run and killed by tests:
 * `bun embedded-process.ts DATA_DIR [keepAlive]`. It prints a JSON line for what happens, does what it reads (`query`,
 * `close`) and must then end by itself.
 */
import { openDatabase } from "../../src/db/connect.ts";
import { AppError } from "../../src/errors.ts";
import type { Logger } from "../../src/log.ts";

const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
const tell = (log: string) => say({ log });
const log: Logger = { error: tell, warn: tell, info: tell, debug: tell, trace: tell, child: () => log };

const [dataDir, mode] = process.argv.slice(2);
try {
  const config = { database_url: undefined, max_connections: 2, data_dir: dataDir! };
  const { sql, close } = await openDatabase(config, log, { keepAlive: mode === "keepAlive" });
  await sql`select 1`;
  say({ event: "ready" });
  for await (const order of console) {
    if (order === "query") say({ event: "answer", value: (await sql`select 42 as value`)[0]!.value });
    if (order !== "close") continue;
    await close();
    say({ event: "closed" });
    break;
  }
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  say({ event: "failed", name: error.name, message: error.message });
}
