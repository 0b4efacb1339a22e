/** Writing what was decided, a batch a transaction: a kill at any moment leaves whole batches behind. */
import type { Sql } from "postgres";
import type { MatchLimits } from "./limits.ts";
import type { FileVerdict } from "./model.ts";
import {
  deleteAutoMatches,
  holdFiles,
  lockMatches,
  type Outcome,
  trimCandidates,
  upsertAutoMatches,
  upsertCandidates,
  upsertDecisions,
} from "./store.ts";

/** A verdict, and the hash of what it rests on. */
export interface Decided {
  verdict: FileVerdict;
  inputs: string;
}

const outcomeOf = ({ match, candidates }: FileVerdict): Outcome =>
  match ? "matched" : candidates.length > 0 ? "candidates" : "unknown";

/** Stores matches, candidates and decisions of files that are still in the library; what is chosen by hand stays. */
export async function storeVerdicts(sql: Sql, batch: readonly Decided[], { limit }: MatchLimits): Promise<void> {
  await sql.begin(async (tx) => {
    await lockMatches(tx);
    const held = await holdFiles(
      tx,
      batch.map(({ verdict }) => verdict.mediaId),
    );
    const decided = batch.filter(({ verdict }) => held.has(verdict.mediaId));
    const matches = decided.flatMap(({ verdict: { mediaId, match } }) => (match ? [{ mediaId, ...match }] : []));
    const unmatched = decided.flatMap(({ verdict: { mediaId, match } }) => (match ? [] : [mediaId]));
    const candidates = decided.flatMap(({ verdict }) =>
      verdict.candidates.slice(0, limit).map(({ subject, confidence, reason }, index) => ({
        media_id: verdict.mediaId,
        rank: index + 1,
        subject_id: subject.id,
        confidence,
        reason,
        name: subject.name,
        name_cn: subject.name_cn,
      })),
    );
    const counts = decided.map(({ verdict }) => ({
      media_id: verdict.mediaId,
      count: Math.min(limit, verdict.candidates.length),
    }));
    const decisions = decided.map(({ verdict, inputs }) => ({
      media_id: verdict.mediaId,
      inputs,
      outcome: outcomeOf(verdict),
    }));
    if (matches.length > 0) {
      await upsertAutoMatches(
        tx,
        matches.map(({ mediaId, subjectId, episodeId, confidence, reason }) => ({
          media_id: mediaId,
          subject_id: subjectId,
          episode_id: episodeId,
          confidence,
          reason,
        })),
      );
    }
    if (unmatched.length > 0) await deleteAutoMatches(tx, unmatched);
    await trimCandidates(tx, counts);
    await upsertCandidates(tx, candidates);
    await upsertDecisions(tx, decisions);
  });
}
