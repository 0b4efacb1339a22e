/** A stand-in for Bangumi's API on a free loopback port: the subjects that a test gives it, and the faults that it asks for. */
import type { Fault } from "./faults.ts";

export { endless, type Fault, silence } from "./faults.ts";

/** What a test says of a subject; the rest is filled in as Bangumi would. Any other field is sent as it is. */
export interface FakeSubject {
  id: number;
  name: string;
  name_cn?: string;
  aliases?: string[];
  platform?: string;
  date?: string | null;
  eps?: number;
  total_episodes?: number;
  [field: string]: unknown;
}

export interface FakeEpisode {
  id: number;
  type?: number;
  sort: number;
  ep?: number;
  name?: string;
  name_cn?: string;
  airdate?: string;
}

export interface FakeRelation {
  id: number;
  relation: string;
  type?: number;
}

export interface FakeContent {
  subjects?: FakeSubject[];
  /** By subject: its episodes, or how many main ones there are (numbered from 1, ids from `subject * 1000 + 1`). */
  episodes?: Record<number, FakeEpisode[] | number>;
  relations?: Record<number, FakeRelation[]>;
}

export interface FakeRequest {
  method: string;
  /** With its query. */
  path: string;
  body: unknown;
  userAgent: string;
  authorization: string | null;
  /** When it came, in milliseconds. */
  at: number;
}

export interface FakeBangumi {
  url: string;
  /** In the order in which they came, the failed ones included. */
  requests: FakeRequest[];
  /** What it knows; may be changed between requests. */
  content: Required<FakeContent>;
  /** Lets requests for this path (without its query) go wrong, the next `times` of them; `*` is any path. */
  fail(path: string, fault: Fault, times?: number): void;
  /** No more faults. */
  mend(): void;
  /** The most requests that were being answered at one time. */
  mostAtOnce(): number;
  /** It cannot be reached any more. */
  stop(): Promise<void>;
}

export const SEARCH = "/v0/search/subjects";

export function fakeBangumi(content: FakeContent = {}): FakeBangumi {
  const known: Required<FakeContent> = { subjects: [], episodes: {}, relations: {}, ...content };
  const requests: FakeRequest[] = [];
  let faults: { path: string; fault: Fault; left: number }[] = [];
  let underway = 0;
  let most = 0;

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const text = await request.clone().text();
      requests.push({
        method: request.method,
        path: pathname + search,
        body: text === "" ? undefined : JSON.parse(text),
        userAgent: request.headers.get("user-agent") ?? "",
        authorization: request.headers.get("authorization"),
        at: performance.now(),
      });
      most = Math.max(most, ++underway);
      try {
        const found = faults.find(({ path, left }) => left > 0 && (path === "*" || path === pathname));
        if (!found) return answer(request, known);
        found.left--;
        return await found.fault(request);
      } finally {
        underway--;
      }
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    content: known,
    fail: (path, fault, times = Number.POSITIVE_INFINITY) => void faults.push({ path, fault, left: times }),
    mend: () => {
      faults = [];
    },
    mostAtOnce: () => most,
    stop: () => server.stop(true),
  };
}

/** An error in Bangumi's own form. */
export const apiError =
  (status: number, title = "Error", details: unknown = { path: "/", method: "GET" }): Fault =>
  () =>
    Response.json({ title, description: "in its own words", details, request_id: "fake" }, { status });

/** The ban, without a word on when it ends. */
export const tooManyRequests =
  (headers: Record<string, string> = {}): Fault =>
  () =>
    Response.json({ title: "Too Many Request" }, { status: 429, headers });

export const htmlPage =
  (status: number): Fault =>
  () =>
    new Response("<!DOCTYPE html><title>Just a moment...</title>", {
      status,
      headers: { "content-type": "text/html" },
    });

/** A whole answer of HTTP with half an answer of JSON in it. */
export const truncated: Fault = () =>
  new Response('{"id":1,"name":"cut he', { headers: { "content-type": "application/json" } });

export const text =
  (body: string): Fault =>
  () =>
    new Response(body, { headers: { "content-type": "application/json" } });

export const redirect =
  (location: string, status = 302): Fault =>
  () =>
    new Response(null, { status, headers: { location } });

// --- the truth ---

/** Bangumi turns common HTTP clients away by their names. */
const STRANGERS = /^$|^(Bun|undici|node-fetch|axios|okhttp|python-requests|Go-http-client|Java)\b/;

function answer(request: Request, content: Required<FakeContent>): Response | Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const number = (name: string, fallback: number) => Number(searchParams.get(name) ?? fallback);
  const page = (all: unknown[], limit: number) => {
    const offset = number("offset", 0);
    if (offset > all.length)
      return apiError(400, "Bad Request", "offset should be less than or equal to total")(request);
    return Response.json({ data: all.slice(offset, offset + limit), total: all.length, limit, offset });
  };
  if (STRANGERS.test(request.headers.get("user-agent") ?? "")) return apiError(403, "Forbidden")(request);
  if (pathname === SEARCH && request.method === "POST") {
    return request.json().then((body) => {
      const found = search(content.subjects, (body as { keyword: string }).keyword);
      return page(found.map(subjectAnswer), Math.min(20, number("limit", 10)));
    });
  }
  if (pathname === "/v0/me") {
    return request.headers.has("authorization")
      ? Response.json({ username: "me" })
      : apiError(401, "Unauthorized")(request);
  }
  const bySubject = /^\/v0\/subjects\/(\d+)(\/subjects)?$/.exec(pathname);
  const id = bySubject ? Number(bySubject[1]) : pathname === "/v0/episodes" ? number("subject_id", 0) : 0;
  const subject = content.subjects.find((one) => one.id === id);
  if (!subject) return apiError(404, "Not Found")(request);
  if (pathname === "/v0/episodes")
    return page(episodeAnswers(id, content.episodes[id] ?? []), Math.min(200, number("limit", 100)));
  if (!bySubject?.[2]) return Response.json(subjectAnswer(subject));
  return Response.json((content.relations[id] ?? []).map((relation) => relationAnswer(relation, content.subjects)));
}

/** By any name that the keyword is a part of, or that is a part of the keyword; whole names first. */
function search(subjects: readonly FakeSubject[], keyword: string): FakeSubject[] {
  const fold = (name: string) =>
    name
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "");
  const wanted = fold(keyword);
  const rank = ({ name, name_cn = "", aliases = [] }: FakeSubject): number => {
    const names = [name, name_cn, ...aliases].map(fold).filter((folded) => folded !== "");
    if (names.includes(wanted)) return 0;
    return names.some((folded) => folded.includes(wanted) || wanted.includes(folded)) ? 1 : 2;
  };
  if (wanted === "") return [];
  const found = subjects.filter((subject) => rank(subject) < 2);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function subjectAnswer({ aliases = [], ...subject }: FakeSubject): Record<string, unknown> {
  return {
    type: 2,
    name_cn: "",
    summary: "",
    date: null,
    platform: "TV",
    eps: 0,
    total_episodes: subject.eps ?? 0,
    nsfw: false,
    images: { common: `https://lain.example/${subject.id}.jpg` },
    rating: { score: 7.5 },
    infobox: [
      { key: "中文名", value: subject.name_cn ?? "" },
      ...(aliases.length > 0 ? [{ key: "别名", value: aliases.map((v) => ({ v })) }] : []),
    ],
    ...subject,
  };
}

function episodeAnswers(subjectId: number, episodes: FakeEpisode[] | number): Record<string, unknown>[] {
  const list =
    typeof episodes === "number"
      ? Array.from({ length: episodes }, (_, index) => ({ id: subjectId * 1000 + index + 1, sort: index + 1 }))
      : episodes;
  return list.map((episode: FakeEpisode) => ({
    subject_id: subjectId,
    type: 0,
    ep: (episode.type ?? 0) === 0 ? episode.sort : 0,
    name: "",
    name_cn: "",
    airdate: "",
    ...episode,
  }));
}

const relationAnswer = ({ id, relation, type = 2 }: FakeRelation, subjects: readonly FakeSubject[]) => {
  const related = subjects.find((subject) => subject.id === id);
  return { id, type, relation, name: related?.name ?? "", name_cn: related?.name_cn ?? "", images: null };
};
