/** One request and its whole answer, within time and size. */
import { boundedText } from "../../src/lib/bounded-text.ts";
import { AppError } from "../../src/plugin.ts";
import { movedTo, stopping, tooLong, tooSlow, unreachable } from "./trouble.ts";

export interface Deadlines {
  /** Milliseconds until an answer begins: looking up, connecting and waiting. */
  begin: number;
  /** Milliseconds until all of it is there, so that one that drips ends as well. */
  whole: number;
}

const DEADLINES: Deadlines = { begin: 10_000, whole: 30_000 };

/** Twenty thousand torrents; a torrent takes between one and two KiB. */
const LONGEST = 64 * 2 ** 20;

export interface Question {
  headers: Record<string, string>;
  /** Makes it a POST. */
  body?: URLSearchParams | FormData;
}

export interface Reply {
  status: number;
  body: string;
  /** Its Set-Cookie headers. */
  cookies: readonly string[];
}

export interface Line {
  deadlines?: Deadlines;
  /** Hangs up. */
  signal?: AbortSignal;
}

/** @throws Unavailable when there is no whole answer; whatever was answered, an error too, is a reply */
export async function exchange(url: string, question: Question, line: Line): Promise<Reply> {
  const { deadlines = DEADLINES, signal } = line;
  const late = new AbortController();
  const after = (ms: number) => setTimeout(() => late.abort(tooSlow(ms)), ms);
  const begin = after(deadlines.begin);
  const whole = after(deadlines.whole);
  try {
    const response = await fetch(url, {
      ...question,
      method: question.body ? "POST" : "GET",
      // Nobody else gets the cookie or the key.
      redirect: "manual",
      // A connection that a restarted qBittorrent has forgotten is no good, and there is one request a minute.
      keepalive: false,
      signal: signal ? AbortSignal.any([late.signal, signal]) : late.signal,
    });
    clearTimeout(begin);
    if (response.status >= 300 && response.status < 400) throw movedTo(originOf(response, url));
    return {
      status: response.status,
      body: await boundedText(response, LONGEST, () => tooLong(LONGEST)),
      cookies: response.headers.getSetCookie(),
    };
  } catch (error) {
    if (late.signal.aborted) throw late.signal.reason;
    if (signal?.aborted) throw stopping(error);
    throw error instanceof AppError ? error : unreachable(error);
  } finally {
    clearTimeout(begin);
    clearTimeout(whole);
  }
}

/** Only the origin: the rest may hold what is nobody's business. */
function originOf({ headers }: Response, url: string): string | null {
  const target = URL.parse(headers.get("location") ?? "", url);
  return target && target.origin !== new URL(url).origin ? target.origin : null;
}
