/** Asks Bangumi one thing: in its turn, again when that helps, wherever on the same origin it leads. */
import { setTimeout as delay } from "node:timers/promises";
import { Unavailable } from "../../src/plugin.ts";
import { Misshapen } from "./answer.ts";
import type { BangumiConfig } from "./config.ts";
import { DEADLINES, type Deadlines, exchange, type Question } from "./exchange.ts";
import { judge } from "./judge.ts";
import type { Lane, Limiter } from "./limiter.ts";
import type { Standing } from "./standing.ts";
import { misshapen, movedTo, Overrun, Trouble } from "./trouble.ts";

export interface ApiRequest<T> {
  /** Below the base URL, with its query. */
  path: string;
  /** Makes it a POST. */
  body?: unknown;
  /** The status by which Bangumi says that there is no such thing; default 404. */
  missing?: number;
  /** @throws Misshapen */
  read(answer: unknown): T;
}

/** @throws Unavailable when there is no answer to be had. @returns null when Bangumi says that there is no such thing */
export type Ask = <T>(lane: Lane, request: ApiRequest<T>) => Promise<T | null>;

/** How often a question is put in all. A job has time; a person can press the button again. */
export type Attempts = Record<Lane, number>;

const ATTEMPTS: Attempts = { people: 2, jobs: 3 };
const FIRST_PAUSE_MS = 1000;
const REDIRECTS = 3;

export interface AskerOptions {
  config: BangumiConfig;
  limiter: Limiter;
  standing: Standing;
  /** Aborted when the process ends. */
  signal: AbortSignal;
  attempts?: Attempts;
  deadlines?: Deadlines;
  /** Waits so many milliseconds. */
  pause?: (ms: number) => Promise<unknown>;
}

export function createAsker(options: AskerOptions): Ask {
  const { config, limiter, standing, signal, attempts = ATTEMPTS, deadlines = DEADLINES } = options;
  const pause = options.pause ?? ((ms) => delay(ms, undefined, { signal }));
  const base = config.base_url.replace(/\/+$/, "");
  const headers = {
    accept: "application/json",
    "user-agent": config.user_agent,
    ...(config.access_token && { authorization: `Bearer ${config.access_token}` }),
  };
  const line = { proxy: config.proxy, deadlines, signal };

  /** One attempt; every hop of it takes its own turn. The method stays over a redirect, since all we send are questions. */
  const once = async <T>(lane: Lane, { path, body, missing, read }: ApiRequest<T>): Promise<T | null> => {
    const question: Question =
      body === undefined
        ? { method: "GET", headers }
        : { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
    let url = new URL(base + path);
    for (let hops = 0; hops <= REDIRECTS; hops++) {
      const judgement = await limiter.run(lane, async () => {
        standing.require();
        const reply = await exchange(url, question, line);
        try {
          return judge(reply, url, missing);
        } catch (error) {
          // Before the turn ends: who waits for it must not go out any more.
          throw error instanceof Overrun ? await standing.failed(error) : error;
        }
      });
      if ("missing" in judgement) return null;
      if ("answer" in judgement) return readAs(read, judgement.answer);
      url = judgement.moved;
    }
    throw movedTo(null);
  };

  return async (lane, request) => {
    await standing.check();
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await once(lane, request);
        standing.succeeded();
        return answer;
      } catch (error) {
        if (signal.aborted) throw new Unavailable("the program is stopping", { cause: error });
        if (!(error instanceof Trouble)) throw error;
        if (!error.passing || attempt >= attempts[lane]) throw await standing.failed(error);
        // Cut short when the process ends, which the next turn says.
        await pause(backoffMs(attempt, Math.random())).catch(() => {});
      }
    }
  };
}

/** Doubles from a second, spread by half in both directions, so that several processes do not come back together. */
export const backoffMs = (attempt: number, random: number): number =>
  FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + random);

function readAs<T>(read: (answer: unknown) => T, answer: unknown): T {
  try {
    return read(answer);
  } catch (error) {
    throw error instanceof Misshapen ? misshapen(error) : error;
  }
}
