/** Numbers that run on over parts and seasons: which subject holds the episode. */
import { type Episode, MAIN } from "../bangumi/model.ts";
import { type Chains, seasonsOf } from "./chain.ts";
import { lengthOf, placeIn } from "./episode.ts";
import type { Catalog } from "./model.ts";
import type { Work } from "./names.ts";

export interface Counted {
  work: Work;
  episode: Episode;
  /** `parts`: through the parts of the season; `seasons`: less the seasons before; `absolute`: from the first season; `sort`: as the wiki counts on. */
  how: "parts" | "seasons" | "absolute" | "sort";
  /** Another way of counting says another subject. */
  disputed: boolean;
  /** Where the work that was looked at stands in its chain of seasons. */
  chainAt: number;
}

export async function placeByCounting(
  number: number,
  work: Work,
  { laterSeason, inPart }: { laterSeason: boolean; inPart: boolean },
  chains: Chains,
  catalog: Catalog,
): Promise<Counted | null> {
  const chain = await chains.of(work);
  const seasons = seasonsOf(chain);
  const chainAt = seasons.findIndex(({ works }) => works.includes(work));
  const own = inPart ? [work] : seasons[chainAt]!.works;

  const through = async (works: readonly Work[], from: number, how: Counted["how"]): Promise<Counted | null> => {
    const lengths: number[] = [];
    for (const { subject } of works) {
      lengths.push(lengthOf(subject.eps, subject.eps > 0 ? [] : await catalog.episodes(subject.id)));
      const found = placeIn(lengths, from);
      if (!found) continue;
      const there = works[found.at]!;
      const episodes = await catalog.episodes(there.subject.id);
      const episode = episodes.find(({ type, ep }) => type === MAIN && ep === found.place);
      return episode ? { work: there, episode, how, chainAt, disputed: false } : null;
    }
    return null;
  };
  const before = async (): Promise<number> => {
    let sum = 0;
    for (const { subject } of chain.slice(0, chain.indexOf(own[0]!)))
      sum += lengthOf(subject.eps, subject.eps > 0 ? [] : await catalog.episodes(subject.id));
    return sum;
  };

  // "Part 2 - 24": the number may run through the parts all the same.
  const inParts = await through(seasons[chainAt]!.works, number, "parts");
  const parts = !inPart || inParts?.work === work ? inParts : null;
  const fromFirst = await through(own, number - (await before()), "seasons");
  if (parts) return { ...parts, disputed: laterSeason && fromFirst !== null && fromFirst.work !== parts.work };
  return (
    fromFirst ??
    (laterSeason ? null : await through(chain, number, "absolute")) ??
    (await bySort(number, laterSeason ? chain.slice(chain.indexOf(own[0]!)) : chain, chainAt, catalog))
  );
}

async function bySort(
  number: number,
  chain: readonly Work[],
  chainAt: number,
  catalog: Catalog,
): Promise<Counted | null> {
  for (const work of chain) {
    const main = (await catalog.episodes(work.subject.id)).filter(({ type }) => type === MAIN);
    const first = Math.min(...main.map(({ sort }) => sort));
    const episode = first > 1 ? main.find(({ sort }) => sort === number) : undefined;
    if (episode) return { work, episode, how: "sort", chainAt, disputed: false };
  }
  return null;
}
