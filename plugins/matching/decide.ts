/** What the files of a group are: the rules of matching in their order. */
import type { Reading } from "../../src/plugin.ts";
import { ANIME, createChains } from "./chain.ts";
import { closedGates } from "./gates.ts";
import { type Field, gather, type Sources } from "./gather.ts";
import type { ScoreLimits } from "./limits.ts";
import type { Candidate, Catalog, FileVerdict, Group } from "./model.ts";
import type { Work } from "./names.ts";
import { placeEpisode } from "./place-episode.ts";
import {
  earliestWithTitle,
  likeInBothScripts,
  nothingElseIsNear,
  ofTheSeason,
  ofTheYear,
  onlyOneBeginsSo,
  theOvaOf,
} from "./place-season.ts";
import { type Case, isEpisode, type Placed } from "./placing.ts";
import { rank, seasonOf } from "./rank.ts";
import { type Score, worth } from "./score.ts";
import { titlesOf } from "./titles.ts";

/**
 * Decides every file of a group. Asks the catalog for as little as it can; throws what the catalog throws. The rules, and what
 * each of them is for: ARCHITECTURE.md, "Matching".
 */
export async function decideGroup(group: Group, sources: Sources, limits: ScoreLimits): Promise<FileVerdict[]> {
  const titles = group.files[0] ? titlesOf(group.files[0].reading) : [];
  if (titles.length === 0) return group.files.map(({ mediaId }) => ({ mediaId, candidates: [], match: null }));
  const field = await gather(titles, sources);
  const chains = createChains(sources.catalog, field.toWork);
  const numbers = group.files
    .map(({ reading }) => reading)
    .filter(isEpisode)
    .map(({ episode }) => episode!);
  const shared = {
    titles,
    chains,
    catalog: sources.catalog,
    lowest: numbers.length > 0 ? Math.min(...numbers) : undefined,
  };
  const verdicts: FileVerdict[] = [];
  for (const { mediaId, reading } of group.files)
    verdicts.push({ mediaId, ...(await decide(reading, field, shared, limits)) });
  return verdicts;
}

async function decide(
  reading: Reading,
  { scores }: Field,
  shared: Pick<Case, "titles" | "chains" | "catalog" | "lowest">,
  limits: ScoreLimits,
): Promise<Omit<FileVerdict, "mediaId">> {
  const season = seasonOf(reading, shared.titles, scores);
  const ranked = rank(scores, reading, season);
  const top = ranked[0];
  if (!top) return { candidates: [], match: null };

  const file: Case = { ...shared, reading, season, ranked, top };
  const placed: Placed = {
    work: top.score.work,
    episode: null,
    confidence: Math.min(1, top.value),
    notes: [],
    against: [],
  };
  await onlyOneBeginsSo(file, placed);
  await likeInBothScripts(file, placed);
  await nothingElseIsNear(file, placed);
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
  const sure = placed.confidence >= limits.minConfidence && placed.against.length === 0;
  const others = ranked
    .filter(({ score }) => score.work.subject.id !== subject.id)
    .map(({ score, value }) => candidate(score.work, value, `${titlesMet(score)}; ${aboutSubject(score.work)}`));
  if (!sure) others.push(...(await relatives(top.score.work, shared.catalog)));
  const candidates = [chosen, ...others.toSorted((a, b) => b.confidence - a.confidence)].filter(
    (one, at, all) => all.findIndex((other) => other.subject.id === one.subject.id) === at,
  );
  return {
    candidates: candidates.filter(({ confidence }) => confidence >= limits.minCandidateScore),
    match: sure
      ? { subjectId: subject.id, episodeId: placed.episode?.id ?? null, confidence: chosen.confidence, reason }
      : null,
  };
}

/** What belongs to the best work: when it is not the one, it is mostly another of the series. */
async function relatives(work: Work, catalog: Catalog): Promise<Candidate[]> {
  const relations = await catalog.relations(work.subject.id);
  return relations
    .filter(({ type, relation }) => type === ANIME && CLOSE.has(relation))
    .map(({ id, name, name_cn, relation }) => ({
      subject: { id, name, name_cn },
      confidence: A_RELATIVE,
      reason: `${relation} of "${work.subject.name_cn || work.subject.name}"`,
    }));
}

const CLOSE = new Set(["前传", "续集", "番外篇", "总集篇", "全集", "主线故事", "衍生", "不同演绎"]);
/** Behind what the titles found, before what they hardly did. */
const A_RELATIVE = 0.6;

const rounded = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

const candidate = ({ subject }: Work, value: number, reason: string): Candidate => ({
  subject: { id: subject.id, name: subject.name, name_cn: subject.name_cn },
  confidence: rounded(value),
  reason,
});

function titlesMet(score: Score): string {
  const { title, name, exact } = score;
  const how =
    title?.folded === name?.folded
      ? "is"
      : exact
        ? "is, spelling aside,"
        : `is ${Math.round(100 * Math.min(1, worth(score)))} % like`;
  return `"${title?.text}" ${how} "${name?.text}"`;
}

const aboutSubject = ({ subject }: Work): string =>
  [subject.platform, subject.date?.slice(0, 4)].filter(Boolean).join(" ") || "neither platform nor date known";
