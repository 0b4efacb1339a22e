/** Which episode of a subject that is settled a file is, by its own name: pure. */
import type { Reading } from "../../src/plugin.ts";
import { type Episode, MAIN } from "../bangumi/model.ts";
import { mainEpisode, specialEpisode } from "./episode.ts";

/** @returns null when the name does not say, or the subject has no such episode */
export function ownEpisode(reading: Reading, episodes: readonly Episode[]): Episode | null {
  const { kind, episode, otherEpisode } = reading;
  if (kind === "extra" || reading.staged) return null;
  if (episode === null) return soleEpisode(reading, episodes);
  if (kind === "special") return specialEpisode(episodes, episode);
  return mainEpisode(episodes, episode) ?? (otherEpisode === null ? null : mainEpisode(episodes, otherEpisode));
}

/** A film is its own only episode. */
function soleEpisode({ kind }: Reading, episodes: readonly Episode[]): Episode | null {
  const main = episodes.filter(({ type }) => type === MAIN);
  return kind !== "special" && main.length === 1 ? main[0]! : null;
}

/**
 * Whether a file may belong to a subject that was chosen for a neighbour: not when its number is none of the subject's. A folder
 * may run on into the next season, which is another subject.
 */
export const mayBelong = (reading: Reading, episodes: readonly Episode[]): boolean =>
  reading.kind !== "extra" &&
  !reading.staged &&
  (reading.kind !== "episode" ||
    reading.episode === null ||
    !episodes.some(({ type }) => type === MAIN) ||
    ownEpisode(reading, episodes) !== null);
