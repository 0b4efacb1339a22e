/** The one Bangumi of a process: limits, cache and standing are shared by everyone who asks. */
import type { Core, Health } from "../../src/plugin.ts";
import { type AskerOptions, createAsker } from "./asker.ts";
import { createCatalog } from "./catalog.ts";
import { createClient } from "./client.ts";
import type { BangumiConfig } from "./config.ts";
import { createLimiter, type Lane } from "./limiter.ts";
import type { Bangumi } from "./model.ts";
import { createSingleFlight } from "./single-flight.ts";
import { createStanding } from "./standing.ts";
import { restLeft, saveRest } from "./store.ts";
import { createToldBefore } from "./told-before.ts";

/** Bangumi's own limit is 3,000 requests in ten minutes; this is how many of them may overlap. */
const AT_ONCE = 4;
/** With half of three requests a second, the last of them waits some five seconds. */
const PEOPLE_WAITING = 8;

/** One cache and one limit, and two ways to ask. */
export interface BangumiService extends Lanes {
  /** From what happened last; asks nobody. */
  health(): Health;
}

/** @param options what a test does in another way */
export function createBangumi(
  { sql, log, signal }: Pick<Core, "sql" | "log" | "signal">,
  config: BangumiConfig,
  options: Partial<Pick<AskerOptions, "deadlines" | "pause">> = {},
): BangumiService {
  const identity = identityOf(config);
  const standing = createStanding({
    memory: {
      read: () => restLeft(sql, identity),
      save: async (secs) => {
        log.warn(
          `Bangumi had too many requests and is left alone for ${secs} s: set a lower bangumi.requests_per_second`,
        );
        await saveRest(sql, identity, secs);
      },
    },
  });
  const limiter = createLimiter({
    perSecond: config.requests_per_second,
    atOnce: AT_ONCE,
    peopleWaiting: PEOPLE_WAITING,
    signal,
  });
  const ask = createAsker({ config, limiter, standing, signal, ...options });
  const share = createSingleFlight();
  const before = createToldBefore();
  const forLane = (lane: Lane) => createCatalog({ sql, log, client: createClient(ask, lane), share, before });
  return { forJobs: forLane("jobs"), forPeople: forLane("people"), health: standing.health };
}

/** Who Bangumi's limit takes us for. Hashed, since a token and a proxy's password are in it. */
const identityOf = ({ base_url, proxy, access_token }: BangumiConfig): string =>
  new Bun.CryptoHasher("sha256").update(JSON.stringify([base_url, proxy, access_token])).digest("hex");

interface Lanes {
  forJobs: Bangumi;
  forPeople: Bangumi;
}

/** By the pool: every feature has a core of its own (the log's tag differs), and all of them one database. */
const instances = new WeakMap<Core["sql"], Lanes>();

/** Called once by the plugin's setup. */
export const provideBangumi = (core: Pick<Core, "sql">, forJobs: Bangumi, forPeople: Bangumi = forJobs): void =>
  void instances.set(core.sql, { forJobs, forPeople });

/** For plugins that require this one. */
export const bangumiOf = (core: Pick<Core, "sql">): Bangumi => lanesOf(core).forJobs;

/** The same for what somebody waits for: first in line, sooner given up, refused when too many wait. */
export const bangumiForPeople = (core: Pick<Core, "sql">): Bangumi => lanesOf(core).forPeople;

function lanesOf({ sql }: Pick<Core, "sql">): Lanes {
  const lanes = instances.get(sql);
  if (!lanes) throw new Error('bangumiOf() before the setup of "bangumi": name it in `requires`');
  return lanes;
}
