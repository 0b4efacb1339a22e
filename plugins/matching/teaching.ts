/** What a choice by hand means for its neighbours. */
import type { Bangumi } from "../bangumi/model.ts";
import type { FileVerdict } from "./model.ts";
import { mayBelong, ownEpisode } from "./own-episode.ts";
import type { PendingFile } from "./plan.ts";

export const BY_HAND = "chosen by hand";
export const BY_NEIGHBOUR = "chosen by hand for its neighbours";

/**
 * Matches files to the subject that their neighbours were given by hand, each with its own episode.
 * @returns verdicts of those that may belong to it; the rules decide the others
 */
export async function teach(
  bangumi: Pick<Bangumi, "subject" | "episodes">,
  subjectId: number,
  files: readonly PendingFile[],
): Promise<FileVerdict[]> {
  const subject = await bangumi.subject(subjectId);
  if (!subject) return [];
  const episodes = await bangumi.episodes(subjectId);
  return files
    .filter(({ reading }) => mayBelong(reading, episodes))
    .map(({ mediaId, reading }) => ({
      mediaId,
      candidates: [{ subject, confidence: 1, reason: BY_NEIGHBOUR }],
      match: {
        subjectId,
        episodeId: ownEpisode(reading, episodes)?.id ?? null,
        confidence: 1,
        reason: BY_NEIGHBOUR,
      },
    }));
}
