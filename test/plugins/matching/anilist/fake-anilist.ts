/** AniList on loopback: answers like its GraphQL endpoint over a few works, and misbehaves when told to. */
import type { AniListWork } from "../../../../plugins/matching/anilist/model.ts";

export interface AniListRequest {
  title: string;
  query: string;
  headers: Headers;
}

export type Reply = () => Response | Promise<Response | undefined>;

export interface FakeAniList {
  url: string;
  /** In the order of their coming. */
  requests: AniListRequest[];
  /** Gives the next request this answer; where it resolves to nothing, works as ever. */
  reply(answer: Reply): void;
  stop(): Promise<void>;
}

/** A search finds the works whose titles hold every word of it. */
export function startFakeAniList(works: readonly AniListWork[]): FakeAniList {
  const requests: AniListRequest[] = [];
  const replies: Reply[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { query, variables } = (await request.json()) as { query: string; variables: { title: string } };
      requests.push({ title: variables.title, query, headers: request.headers });
      return (await replies.shift()?.()) ?? answerOf(works.filter((work) => holds(work, variables.title)));
    },
  });
  return {
    url: server.url.href,
    requests,
    reply: (answer) => void replies.push(answer),
    stop: () => server.stop(true),
  };
}

function holds({ titles }: AniListWork, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/);
  return titles.some((title) => words.every((word) => title.toLowerCase().includes(word)));
}

const answerOf = (works: AniListWork[]): Response =>
  Response.json(
    { data: { Page: { media: works.map(mediumOf) } } },
    { headers: { "x-ratelimit-limit": "90", "x-ratelimit-remaining": "89" } },
  );

const mediumOf = ({ anilistId, malId, titles: [romaji, ...synonyms], format, year, episodes }: AniListWork) => ({
  id: anilistId,
  idMal: malId,
  title: { romaji: romaji ?? null, english: null, native: null },
  synonyms,
  format: format || null,
  startDate: { year },
  episodes,
});
