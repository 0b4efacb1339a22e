/** One request and its whole answer, within time and size. */
import { boundedText } from "../../src/lib/bounded-text.ts";
import type { Reply } from "./judge.ts";
import { Trouble, tooLong, tooSlow, unreachable } from "./trouble.ts";

export interface Deadlines {
  /** Milliseconds until an answer begins: looking up, connecting and waiting. */
  begin: number;
  /** Milliseconds until all of it is there, so that one that drips ends as well. */
  whole: number;
}

export const DEADLINES: Deadlines = { begin: 10_000, whole: 30_000 };

/** The longest page of episodes is below 1 MiB. */
const LONGEST = 4 * 2 ** 20;

export interface Question {
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
}

export interface Line {
  /** Empty: none. */
  proxy: string;
  deadlines: Deadlines;
  /** Hangs up. */
  signal: AbortSignal;
}

/** @throws Trouble when there is no whole answer; whatever was answered, an error too, is a reply */
export async function exchange(url: URL, question: Question, { proxy, deadlines, signal }: Line): Promise<Reply> {
  const late = new AbortController();
  const after = (ms: number) => setTimeout(() => late.abort(tooSlow(ms)), ms);
  const begin = after(deadlines.begin);
  const whole = after(deadlines.whole);
  try {
    const response = await fetch(url, {
      ...question,
      // Followed by whoever knows where the token may go.
      redirect: "manual",
      signal: AbortSignal.any([late.signal, signal]),
      ...(proxy !== "" && { proxy }),
    });
    clearTimeout(begin);
    return {
      status: response.status,
      headers: response.headers,
      body: await boundedText(response, LONGEST, () => tooLong(LONGEST)),
    };
  } catch (error) {
    if (late.signal.aborted) throw late.signal.reason;
    throw signal.aborted || error instanceof Trouble ? error : unreachable(error);
  } finally {
    clearTimeout(begin);
    clearTimeout(whole);
  }
}
