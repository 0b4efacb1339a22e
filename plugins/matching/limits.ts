/** What an auto-match may be told. */
import { type Static, Type } from "typebox";

const score = Type.Optional(Type.Number({ minimum: 0, maximum: 1 }));

/** Stored with the job. What is absent has its default. */
export const matchPayload = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    min_candidate_score: score,
    min_confidence: score,
    /** The id of a job that has to end first: the index that stores what is to be matched. */
    after: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type MatchPayload = Static<typeof matchPayload>;

export const DEFAULTS = { limit: 8, min_candidate_score: 0.5, min_confidence: 0.9 } as const;

/** What of it the rules themselves need. */
export interface ScoreLimits {
  minCandidateScore: number;
  minConfidence: number;
}

export interface MatchLimits extends ScoreLimits {
  /** Candidates kept for a file. */
  limit: number;
}

export function limitsOf(payload: MatchPayload): MatchLimits {
  const { limit, min_candidate_score, min_confidence } = { ...DEFAULTS, ...payload };
  return { limit, minCandidateScore: min_candidate_score, minConfidence: min_confidence };
}

/** Leaves out what is the default anyway, so that the same work is the same job however it is asked for. */
export const withoutDefaults = (payload: MatchPayload): MatchPayload =>
  Object.fromEntries(
    Object.entries(payload).filter(
      ([key, value]) => value !== undefined && value !== DEFAULTS[key as keyof typeof DEFAULTS],
    ),
  );
