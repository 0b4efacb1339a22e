/** What an answer means before anybody looks at its content. Pure. */
import { parseCleanJson } from "./clean-json.ts";
import { cutShort, movedTo, Overrun, ownTrouble, refused, webPage } from "./trouble.ts";

export interface Reply {
  status: number;
  headers: Headers;
  body: string;
}

/** `missing`: there is no such thing, said by Bangumi itself and not by somebody between. */
export type Judgement = { answer: unknown } | { missing: true } | { moved: URL };

/** Of an error's own words. */
const SAID_LENGTH = 200;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * @param asked the address that was asked: an answer may lead to another path of the same origin only, since the token goes along
 * @param missing the status that means it
 * @throws Trouble
 */
export function judge({ status, headers, body }: Reply, asked: URL, missing = 404): Judgement {
  if (status === 429) throw new Overrun(retryAfterSecs(headers.get("retry-after"), Date.now()));
  if (REDIRECTS.has(status)) return { moved: target(headers.get("location"), asked) };
  if (status >= 500) throw ownTrouble(status);
  const answer = parse(body, status);
  if (status >= 200 && status < 300 && answer !== undefined) return { answer };
  const said = errorText(answer);
  if (status === missing && said !== null) return { missing: true };
  if (status === 404) throw webPage(status);
  throw refused(status, said ?? "");
}

/** @returns undefined when there is no JSON and none was due: whoever refuses us may do it in any form */
function parse(body: string, status: number): unknown {
  try {
    return parseCleanJson(body);
  } catch (error) {
    if (status >= 400) return undefined;
    throw /^\s*</.test(body) ? webPage(status) : cutShort(error);
  }
}

function target(location: string | null, asked: URL): URL {
  const moved = location === null ? null : URL.parse(location, asked.href);
  if (moved?.origin !== asked.origin) throw movedTo(moved?.origin ?? null);
  return moved;
}

/** `{title, description, details}` in a line; null when it is nothing of the kind. Details are an object or a text, for programmers. */
export function errorText(answer: unknown): string | null {
  if (typeof answer !== "object" || answer === null) return null;
  const { title, description } = answer as Record<string, unknown>;
  if (typeof title !== "string" && typeof description !== "string") return null;
  const said = [title, description].filter((part) => typeof part === "string" && part !== "");
  return said.join(": ").slice(0, SAID_LENGTH).toWellFormed();
}

/** Seconds or a date (RFC 9110, section 10.2.3); null when there is none that can be read. */
export function retryAfterSecs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
