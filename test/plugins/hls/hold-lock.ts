/** Takes a lock, starts a program in it, says the program's number, and waits to be killed. */
import { acquireLock } from "../../../plugins/hls/lock.ts";

const lock = await acquireLock(process.argv[2]!, 3600);
const child = Bun.spawn(["sleep", "1000"], { detached: true, stdout: "ignore" });
await lock!.started(child.pid);
console.log(child.pid);
await Bun.sleep(1_000_000);
