/**
 * The seasons of a series in order, found along 前传 and 续集. Films and OVAs between two seasons are stepped over; what shares
 * no beginning of a name is another series.
 */
import type { Subject } from "../bangumi/model.ts";
import type { Catalog } from "./model.ts";
import type { Work } from "./names.ts";
import { withoutMovie } from "./normalize.ts";
import { isSeason } from "./platform.ts";

/** The same show under one season number: a season and its later parts. */
export interface Season {
  number: number;
  works: Work[];
}

export interface Chains {
  /** The whole chain that a work stands in, oldest first; always holds the work itself. */
  of(work: Work): Promise<Work[]>;
  /** Whether anything comes before it, films too. */
  hasPrequel(work: Work): Promise<boolean>;
  /** Anime that it has any relation to. */
  related(work: Work): Promise<Work[]>;
}

const LONGEST = 12;
const PREQUEL = "前传";
const SEQUEL = "续集";
/** Subject type of a relation. */
export const ANIME = 2;

/** @param toWork makes a work of a subject, with the names that the caller knows for it */
export function createChains(
  catalog: Pick<Catalog, "subject" | "relations">,
  toWork: (subject: Subject) => Work,
): Chains {
  const found = new Map<number, Work[]>();

  const related = async (work: Work, relation?: string): Promise<Work[]> => {
    const relations = await catalog.relations(work.subject.id);
    const ids = relations
      .filter((one) => one.type === ANIME && (relation ?? one.relation) === one.relation)
      .map(({ id }) => id);
    const subjects = await Promise.all(ids.map((id) => catalog.subject(id)));
    return subjects.filter((subject) => subject !== null).map((subject) => toWork(subject));
  };

  /** The next season in one direction; through a film or OVA when it is what stands between. */
  const step = async (work: Work, relation: string): Promise<Work | null> => {
    const near = (await related(work, relation)).filter((other) => sameSeries(work, other));
    let next = near.filter(({ subject }) => isSeason(subject));
    if (next.length === 0) {
      for (const between of near) {
        const beyond = await related(between, relation);
        next.push(
          ...beyond.filter(
            (other) => isSeason(other.subject) && other.subject.id !== work.subject.id && sameSeries(work, other),
          ),
        );
      }
    }
    next = next.toSorted((a, b) => dateOf(a).localeCompare(dateOf(b)));
    const here = dateOf(work);
    return relation === SEQUEL
      ? (next.find((other) => dateOf(other) >= here) ?? next[0] ?? null)
      : (next.findLast((other) => dateOf(other) <= here) ?? next.at(-1) ?? null);
  };

  const walk = async (start: Work): Promise<Work[]> => {
    const chain = [start];
    const seen = new Set([start.subject.id]);
    for (const relation of [PREQUEL, SEQUEL]) {
      let work: Work | null = start;
      while (chain.length < 2 * LONGEST) {
        work = await step(work, relation);
        if (!work || seen.has(work.subject.id)) break;
        seen.add(work.subject.id);
        if (relation === PREQUEL) chain.unshift(work);
        else chain.push(work);
      }
    }
    return chain;
  };

  return {
    async of(work) {
      let chain = found.get(work.subject.id);
      if (!chain) {
        chain = await walk(work);
        for (const member of chain) found.set(member.subject.id, chain);
      }
      return chain;
    },
    related: (work) => related(work),
    async hasPrequel(work) {
      const relations = await catalog.relations(work.subject.id);
      return relations.some((one) => one.relation === PREQUEL && one.type === ANIME);
    },
  };
}

const dateOf = ({ subject }: Work): string => subject.date ?? "9999";

/** Whether two works share the beginning of a name in one script. A whole alias in common tells nothing: unrelated works have some. */
export const sameSeries = (a: Work, b: Work): boolean =>
  a.names.some((here) =>
    b.names.some((there) => {
      if (here.latin !== there.latin) return false;
      if (here.folded === there.folded && !(a.primary.includes(here) && b.primary.includes(there))) return false;
      const shorter = Math.min(here.foldedBase.length, there.foldedBase.length);
      let common = 0;
      while (common < shorter && here.foldedBase[common] === there.foldedBase[common]) common++;
      return common >= Math.max(2, Math.min(6, shorter * 0.6));
    }),
  );

/** Whether one work is called what the other is called, and more: its sequel, its film, its special. */
export const extendsName = (longer: Work, shorter: Work): boolean =>
  longer.primary.some((name) =>
    shorter.primary.some(
      ({ folded, latin }) =>
        name.latin === latin && name.folded.length > folded.length && withoutMovie(name.folded).startsWith(folded),
    ),
  );

/** A chain cut into seasons: a part after the first, or the same number again, belongs to the season before it. */
export function seasonsOf(chain: readonly Work[]): Season[] {
  const seasons: Season[] = [];
  for (const work of chain) {
    const said = seasonSaid(work);
    const last = seasons.at(-1);
    if (last && (partOf(work) > 1 || (said !== null && said > 1 && said === last.number))) last.works.push(work);
    else seasons.push({ number: said ?? (last ? last.number + 1 : 1), works: [work] });
  }
  return seasons;
}

/** What the wiki's own names say. */
export const seasonSaid = ({ primary }: Work): number | null =>
  primary.find(({ season }) => season !== null)?.season ?? null;
export const partOf = ({ primary }: Work): number => primary.find(({ part }) => part !== null)?.part ?? 1;
