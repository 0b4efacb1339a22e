/** What `anicargo doctor` says about Bangumi. */
import { type Checkup, Unavailable } from "../../src/plugin.ts";
import { type ApiRequest, createAsker } from "./asker.ts";
import type { BangumiConfig } from "./config.ts";
import { DEADLINES } from "./exchange.ts";
import { createLimiter } from "./limiter.ts";
import { createStanding } from "./standing.ts";
import { Trouble } from "./trouble.ts";

/** A small answer, the same for everybody. A mirror that does not have the subject says so in Bangumi's own words. */
const REACH: ApiRequest<string> = { path: "/v0/subjects/1", read: () => "" };
const ME: ApiRequest<string> = { path: "/v0/me", read: () => "accepted" };

/** Asks once, without the database: what a rest forbids does not hold a person up who looks for the cause. */
export async function checkBangumi(config: BangumiConfig, deadlines = DEADLINES): Promise<Checkup[]> {
  const began = performance.now();
  const reach = await look("Bangumi", { ...config, access_token: "" }, REACH, deadlines, () => {
    const way = config.proxy === "" ? "" : " through bangumi.proxy";
    return `${new URL(config.base_url).origin} answered${way} in ${Math.round(performance.now() - began)} ms`;
  });
  if (!reach.ok || config.access_token === "") return [reach];
  const token = await look(
    "Bangumi token",
    config,
    ME,
    deadlines,
    (answer) => answer ?? "not tested, the mirror has no users",
  );
  return [reach, token];
}

async function look(
  name: string,
  config: BangumiConfig,
  request: ApiRequest<string>,
  deadlines: typeof DEADLINES,
  tell: (answer: string | null) => string,
): Promise<Checkup> {
  const { signal } = new AbortController();
  const ask = createAsker({
    config,
    deadlines,
    signal,
    limiter: createLimiter({ perSecond: 0, atOnce: 1, peopleWaiting: 1, signal }),
    standing: createStanding(),
    attempts: { people: 1, jobs: 1 },
  });
  try {
    return { name, ok: true, detail: tell(await ask("people", request)) };
  } catch (error) {
    const trouble = error instanceof Unavailable ? error.cause : error;
    if (!(trouble instanceof Trouble)) throw error;
    return { name, ok: false, detail: trouble.what, fix: trouble.remedy };
  }
}
