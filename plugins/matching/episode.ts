/** From the number in a file's name to an episode of a subject. Pure. */
import { type Episode, MAIN, SPECIAL } from "../bangumi/model.ts";

/**
 * The main episode that a number means. Where the count goes on from an earlier season (it starts at 29) or starts at 0, the number
 * that people give (`sort`) is tried first, else the place in the season (`ep`): "05" of a season counted from 29 is its fifth.
 *
 * @param lowest number of its neighbours: one before the wiki's first says that they count from 1, all of them
 */
export function mainEpisode(episodes: readonly Episode[], number: number, lowest = number): Episode | null {
  const main = episodes.filter(({ type }) => type === MAIN);
  const first = Math.min(...main.map(({ sort }) => sort));
  const bySort = main.find(({ sort }) => sort === number);
  const byPlace = main.find(({ ep }) => ep === number);
  return (first === 1 || (first > 1 && lowest < first) ? (byPlace ?? bySort) : (bySort ?? byPlace)) ?? null;
}

/** A special by the number that people give it; null leaves it to a person. */
export const specialEpisode = (episodes: readonly Episode[], number: number): Episode | null =>
  episodes.find(({ type, sort }) => type === SPECIAL && sort === number) ?? null;

/** Main episodes by the wiki's figure, else as many as it lists. */
export const lengthOf = (eps: number, episodes: readonly Episode[]): number =>
  eps || episodes.filter(({ type }) => type === MAIN).length;

/** A part of a row of subjects that is counted through: which one holds the number, and the place in it. */
export function placeIn(lengths: readonly number[], number: number): { at: number; place: number } | null {
  let place = number;
  for (const [at, length] of lengths.entries()) {
    if (length === 0) return null;
    if (place >= 1 && place <= length) return { at, place };
    place -= length;
  }
  return null;
}
