/** Runs a program as the job does, in a process that a test can kill. */
import { run } from "../../../plugins/hls/run.ts";

const [program, cwd] = process.argv.slice(2);
await run({ program: program!, args: [], cwd: cwd!, signal: new AbortController().signal });
