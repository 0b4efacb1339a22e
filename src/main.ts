import { plugins } from "../plugins/index.ts";
import { Interrupted, runCli } from "./cli.ts";

const stopping = new AbortController();
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
for (const [name, exitCode] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    if (stopping.signal.aborted) process.exit(exitCode); // the second one does not wait
    stopping.abort(new Interrupted(exitCode));
  });
}
process.on("SIGHUP", () => {}); // a closed terminal or a log rotator must not end the server

process.exit(await runCli({ argv: process.argv.slice(2), plugins, signal: stopping.signal }));
