/**
 * Keeps the test server up while `scripts/test` runs, from outside: Bun's test runner ends every process that a test has started when
 * that test takes too long, and the server that all others use may be such a one.
 */
import { runEnds } from "./at-end.ts";
import { startTestServer } from "./database.ts";

const parent = process.ppid;

async function leave(): Promise<void> {
  await runEnds();
  process.exit(0);
}

await startTestServer();
process.on("SIGTERM", leave);
// Nobody is left to say so when the script was killed.
setInterval(() => process.ppid !== parent && leave(), 1000);
