/** The part of Bangumi's API that we use: https://bangumi.github.io/api/ */
import { Misshapen, readEpisode, readPage, readRelations, readSubject, type ToldSubject } from "./answer.ts";
import type { Ask } from "./asker.ts";
import type { Lane } from "./limiter.ts";
import type { Episode, Relation } from "./model.ts";

/** Null is Bangumi's word that there is no such subject. Everything throws Unavailable when there is no answer to be had. */
export interface Client {
  /** Anime, best first, at most 20. */
  search(keyword: string): Promise<ToldSubject[]>;
  subject(id: number): Promise<ToldSubject | null>;
  episodes(subjectId: number): Promise<Episode[] | null>;
  relations(subjectId: number): Promise<Relation[] | null>;
}

/** As many as Bangumi gives in one answer. */
const SEARCH_PAGE = 20;
const EPISODE_PAGE = 200;
/** The longest shows have some thousand episodes. */
const MOST_PAGES = 50;

const readSubjects = readPage(readSubject);
const readEpisodes = readPage(readEpisode);

export function createClient(ask: Ask, lane: Lane): Client {
  const episodePage = (subjectId: number, offset: number) =>
    ask(lane, {
      path: `/v0/episodes?subject_id=${subjectId}&limit=${EPISODE_PAGE}&offset=${offset}`,
      // The list has become shorter since the last page: what is beyond its end is a bad request.
      missing: offset === 0 ? 404 : 400,
      read: (answer) => {
        const page = readEpisodes(answer);
        if (offset === 0 && page.items.length === 0 && page.total > 0) throw new Misshapen("/data is empty");
        return page;
      },
    });

  return {
    async search(keyword) {
      const page = await ask(lane, {
        path: `/v0/search/subjects?limit=${SEARCH_PAGE}&offset=0`,
        body: { keyword, sort: "match", filter: { type: [2] } },
        read: readSubjects,
      });
      return uniqueById(page?.items ?? []).slice(0, SEARCH_PAGE);
    },
    subject: (id) => ask(lane, { path: `/v0/subjects/${id}`, read: readSubject }),
    async episodes(subjectId) {
      const first = await episodePage(subjectId, 0);
      if (!first) return null;
      const items = [...first.items];
      const end = Math.min(first.total, MOST_PAGES * EPISODE_PAGE);
      for (let offset = EPISODE_PAGE; offset < end; offset += EPISODE_PAGE) {
        const page = await episodePage(subjectId, offset);
        if (!page) break;
        items.push(...page.items);
      }
      // One that moved from page to page between two requests comes twice.
      return uniqueById(items).map((episode) => ({ ...episode, subject_id: subjectId }));
    },
    relations: (subjectId) => ask(lane, { path: `/v0/subjects/${subjectId}/subjects`, read: readRelations }),
  };
}

const uniqueById = <T extends { id: number }>(items: readonly T[]): T[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];
