/** From "perhaps nobody runs the server" to "it runs and we are one of its users". */
import { setTimeout as delay } from "node:timers/promises";
import { Unavailable } from "../errors.ts";
import type { Logger } from "../log.ts";
import { postmasterPid, type StartedServer, type StartOptions, startServer } from "./postmaster.ts";
import { type Presence, takePresence } from "./presence.ts";
import { removeOtherServers } from "./server-programs.ts";
import { dropStaleProcessFile, isRefusedForNow, startProblem } from "./start-problem.ts";

/** Milliseconds until a server that neither answers nor fails is given up; bringing a crashed one back takes a while. */
const START_MS = 60_000;
const POLL_MS = 5;
const POLL_MAX_MS = 250;

/**
 * Joins the server, starting it as often as it takes: it may be going down as we come, and of several processes that
 * start it at once PostgreSQL lets one through.
 * @throws PermissionDenied or Unavailable when it cannot be started
 */
export async function ensurePresent(options: StartOptions, log: Logger): Promise<Presence> {
  const { layout, programs } = options;
  const deadline = Date.now() + START_MS;
  let started: StartedServer | undefined;
  for (let pause = POLL_MS; Date.now() < deadline; pause = Math.min(pause * 1.2, POLL_MAX_MS)) {
    const presence = await takePresence(layout.socketFolder);
    if (typeof presence !== "string") {
      const ours = started !== undefined && started.pid === (await postmasterPid(layout));
      if (ours) await removeOtherServers(programs, layout);
      log.debug(ours ? "embedded database started" : "embedded database joined");
      return presence;
    }
    const lastWords = started?.lastWords();
    if (lastWords !== undefined) {
      // Refused because another server is there, or the remains of one. Anything else will not go away by itself.
      if (!isRefusedForNow(lastWords)) throw startProblem(lastWords, layout);
      await dropStaleProcessFile(layout);
      started = undefined;
    }
    if (presence === "absent") started ??= await startServer(options);
    await delay(pause);
  }
  throw new Unavailable(`the embedded database did not come up within ${START_MS / 1000} s: see ${layout.log}`);
}
