/** Stays a user of the embedded server when the server dies under us. */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../log.ts";
import type { Presence } from "./presence.ts";

/** Milliseconds between attempts to bring a dead server back. */
const REVIVE_MS = 1_000;
const REVIVE_MAX_MS = 30_000;

export interface PresenceKeeper {
  presence(): Presence;
  /** @returns the last presence, which may be lost */
  stop(): Promise<Presence>;
}

/**
 * @param join starts or joins the server
 * @param insist try again and again; else once, so that a short command rather fails than waits
 */
export function keepPresence(
  first: Presence,
  join: () => Promise<Presence>,
  insist: boolean,
  log: Logger,
): PresenceKeeper {
  const stopping = new AbortController();
  let presence = first;
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));

  const watch = async () => {
    for (;;) {
      await Promise.race([presence.lost, stopped]);
      if (stopping.signal.aborted) return;
      log.warn("the connection to the embedded database broke");
      const next = await revive();
      await presence.end();
      if (!next) return;
      presence = next;
      log.info("the embedded database is back");
    }
  };

  const revive = async (): Promise<Presence | undefined> => {
    for (let pause = REVIVE_MS; !stopping.signal.aborted; pause = Math.min(pause * 2, REVIVE_MAX_MS)) {
      try {
        return await join();
      } catch (error) {
        log.error("the embedded database cannot be started again", { error });
      }
      if (!insist) return undefined;
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return undefined;
  };

  const watching = watch();
  return {
    presence: () => presence,
    stop: async () => {
      stopping.abort();
      await watching;
      return presence;
    },
  };
}
