/** What the files of a group are: the rules of matching in their order. */
import type { Reading } from "../../src/plugin.ts";
import { type Chains, createChains } from "./chain.ts";
import { closedGates } from "./gates.ts";
import { type Field, gather, type Sources } from "./gather.ts";
import type { ScoreLimits } from "./limits.ts";
import type { Candidate, Catalog, FileVerdict, Group } from "./model.ts";
import type { Work } from "./names.ts";
import { placeEpisode } from "./place-episode.ts";
import {
  earliestWithTitle,
  likeInBothScripts,
  ofTheSeason,
  ofTheYear,
  onlyOneBeginsSo,
  theOvaOf,
} from "./place-season.ts";
import type { Case, Placed } from "./placing.ts";
import { rank, seasonOf } from "./rank.ts";
import { type Score, worth } from "./score.ts";
import { type Title, titlesOf } from "./titles.ts";

/**
 * Decides every file of a group. Asks the catalog for as little as it can; throws what the catalog throws. The rules, and what
 * each of them is for: ARCHITECTURE.md, "Matching".
 */
export async function decideGroup(group: Group, sources: Sources, limits: ScoreLimits): Promise<FileVerdict[]> {
  const titles = group.files[0] ? titlesOf(group.files[0].reading) : [];
  if (titles.length === 0) return group.files.map(({ mediaId }) => ({ mediaId, candidates: [], match: null }));
  const field = await gather(titles, sources);
  const chains = createChains(sources.catalog, field.toWork);
  const verdicts: FileVerdict[] = [];
  for (const { mediaId, reading } of group.files)
    verdicts.push({ mediaId, ...(await decide(reading, titles, field, chains, sources.catalog, limits)) });
  return verdicts;
}

async function decide(
  reading: Reading,
  titles: readonly Title[],
  { scores }: Field,
  chains: Chains,
  catalog: Catalog,
  limits: ScoreLimits,
): Promise<Omit<FileVerdict, "mediaId">> {
  const season = seasonOf(reading, titles, scores);
  const ranked = rank(scores, reading, season);
  const top = ranked[0];
  if (!top) return { candidates: [], match: null };

  const file: Case = { reading, titles, season, ranked, top, chains, catalog };
  const placed: Placed = {
    work: top.score.work,
    episode: null,
    confidence: Math.min(1, top.value),
    notes: [],
    against: [],
  };
  await onlyOneBeginsSo(file, placed);
  await likeInBothScripts(file, placed);
  await ofTheYear(file, placed);
  await ofTheSeason(file, placed);
  await earliestWithTitle(file, placed);
  await theOvaOf(file, placed);
  placed.against.push(...closedGates(file, placed));
  await placeEpisode(file, placed);

  const reason = [
    titlesMet(top.score),
    ...placed.notes,
    aboutSubject(placed.work),
    ...placed.against.map((what) => `but ${what}`),
  ].join("; ");
  const { subject } = placed.work;
  const chosen = candidate(placed.work, placed.confidence, reason);
  const others = ranked
    .filter(({ score }) => score.work.subject.id !== subject.id)
    .map(({ score, value }) => candidate(score.work, value, `${titlesMet(score)}; ${aboutSubject(score.work)}`));
  const sure = placed.confidence >= limits.minConfidence && placed.against.length === 0;
  return {
    candidates: [chosen, ...others].filter(({ confidence }) => confidence >= limits.minCandidateScore),
    match: sure
      ? { subjectId: subject.id, episodeId: placed.episode?.id ?? null, confidence: chosen.confidence, reason }
      : null,
  };
}

const candidate = ({ subject }: Work, value: number, reason: string): Candidate => ({
  subject: { id: subject.id, name: subject.name, name_cn: subject.name_cn },
  confidence: Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000,
  reason,
});

const titlesMet = (score: Score): string => {
  const how = score.toTheLetter
    ? "is"
    : score.exact
      ? "is, spelling aside,"
      : `is ${Math.round(100 * Math.min(1, worth(score)))} % like`;
  return `"${score.title?.text}" ${how} "${score.name?.text}"`;
};

const aboutSubject = ({ subject }: Work): string =>
  [subject.platform, subject.date?.slice(0, 4)].filter(Boolean).join(" ") || "neither platform nor date known";
