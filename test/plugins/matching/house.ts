/** Matching over a real database; Bangumi is a shelf of works in memory, and the rules are a plain one, so that a test sees every turn. */

import bangumiSql from "../../../plugins/bangumi/migrations/0001-bangumi.sql" with { type: "text" };
import { type Bangumi, type Episode, MAIN, type Subject } from "../../../plugins/bangumi/model.ts";
import type { Decide } from "../../../plugins/matching/auto-match.ts";
import { autoMatchJob } from "../../../plugins/matching/job.ts";
import type { MatchPayload } from "../../../plugins/matching/limits.ts";
import type { MatchResult } from "../../../plugins/matching/match-result.ts";
import matchingSql from "../../../plugins/matching/migrations/0001-matching.sql" with { type: "text" };
import { ownEpisode } from "../../../plugins/matching/own-episode.ts";
import { createMatching, type Matching } from "../../../plugins/matching/service.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { coreMigrations } from "../../../src/db/migrations.ts";
import { mediaId } from "../../../src/library/media-id.ts";
import { type JobContext, type Progress, type Reading, Unavailable } from "../../../src/plugin.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { recordingLogger } from "../../helpers/http.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

/** A file's name as `Title - 03.mkv`, `Title S2 - 03.mkv`, `Title (NCOP).mkv` or `Title.mkv`. */
export function readingOf(path: string): Reading {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
  const [, title = name, season, episode, extra] =
    /^(.*?)(?: S(\d+))?(?: - ([\d.]+))?(?: \((NCOP)\))?$/.exec(name) ?? [];
  return {
    kind: extra ? "extra" : episode === undefined ? "unknown" : "episode",
    titles: [{ text: title, derived: false }],
    folderTitles: [],
    season: season === undefined ? null : Number(season),
    part: null,
    episode: episode === undefined ? null : Number(episode),
    lastEpisode: null,
    otherEpisode: null,
    year: null,
    folderYear: null,
    staged: false,
    group: null,
  };
}

/** Works by name, each with its main episodes; `calls` counts what was asked. */
export interface Shelf extends Bangumi {
  calls: string[];
  /** While set, everything throws it. */
  down: Unavailable | null;
  add(id: number, name: string, episodes: number, more?: Partial<Subject>): void;
  /** As the wiki adds one, which a cache does not hold before the next sync. */
  addEpisode(id: number, sort: number): void;
}

export const OUT = "Bangumi cannot be reached";

export function openShelf(): Shelf {
  const works = new Map<number, Subject>();
  const wiki = new Map<number, Episode[]>();
  const cached = new Map<number, Episode[]>();
  const ask = (what: string) => {
    shelf.calls.push(what);
    if (shelf.down) throw shelf.down;
  };
  const shelf: Shelf = {
    calls: [],
    down: null,
    add(id, name, episodes, more = {}) {
      works.set(id, {
        ...{ id, name, name_cn: `${name} CN`, aliases: [], platform: "TV", date: "2020-01-01", eps: episodes },
        ...{ total_episodes: episodes, nsfw: false, image: null, ...more },
      });
      wiki.set(id, []);
      for (let sort = 1; sort <= episodes; sort++) shelf.addEpisode(id, sort);
    },
    addEpisode(id, sort) {
      const place = { id: id * 10_000 + sort, subject_id: id, type: MAIN, sort, ep: sort };
      wiki.get(id)!.push({ ...place, name: "", name_cn: "", airdate: "2020-01-01" });
    },
    async search(keyword) {
      ask(`search ${keyword}`);
      return [...works.values()].filter(({ name }) => name.toLowerCase().includes(keyword.toLowerCase()));
    },
    async subject(id) {
      ask(`subject ${id}`);
      return works.get(id) ?? null;
    },
    cached: async () => new Map(),
    async episodes(id) {
      ask(`episodes ${id}`);
      if (!cached.has(id)) cached.set(id, [...(wiki.get(id) ?? [])]);
      return cached.get(id)!;
    },
    relations: async () => [],
    async sync(id) {
      ask(`sync ${id}`);
      const subject = works.get(id);
      if (!subject) return null;
      cached.set(id, [...wiki.get(id)!]);
      return { subject, episodes: cached.get(id)!.length };
    },
  };
  return shelf;
}

/** Whose name is the title, else whatever has the title in its name. */
export const plainDecide =
  (bangumi: Bangumi): Decide =>
  async ({ files }, { minCandidateScore, minConfidence }) => {
    const title = files[0]!.reading.titles[0]!.text;
    const found = await bangumi.search(title);
    const candidates = found
      .map((subject) => ({ subject, confidence: subject.name === title ? 0.99 : 0.6, reason: `"${title}"` }))
      .filter(({ confidence }) => confidence >= minCandidateScore)
      .toSorted((a, b) => b.confidence - a.confidence);
    const [best] = candidates;
    if (!best || best.confidence < minConfidence) {
      return files.map(({ mediaId }) => ({ mediaId, candidates, match: null }));
    }
    const episodes = await bangumi.episodes(best.subject.id);
    return files.map(({ mediaId, reading }) => ({
      mediaId,
      candidates,
      match:
        reading.kind === "extra"
          ? null
          : {
              subjectId: best.subject.id,
              episodeId: ownEpisode(reading, episodes)?.id ?? null,
              confidence: best.confidence,
              reason: best.reason,
            },
    }));
  };

/** No job is known, so none is waited for. */
export const noJobs = { get: async () => null };

export interface RunOptions extends MatchPayload {
  signal?: AbortSignal;
  fence?(): Promise<void>;
  onProgress?(progress: Progress): void;
}

export interface House {
  sql: TestDatabase["sql"];
  /** For another process. */
  url: string;
  shelf: Shelf;
  log: ReturnType<typeof recordingLogger>;
  matching: Matching;
  /** What decides, to be exchanged by a test. */
  rules: { decide: Decide; version: string };
  /** Puts files into the library, read by {@link readingOf}. @returns their ids */
  add(...paths: string[]): Promise<string[]>;
  /** Runs the job here, without a queue. */
  run(options?: RunOptions): Promise<MatchResult>;
  /** `path: subject/episode method` of what is matched, ordered by path. */
  matches(): Promise<string[]>;
  /** Every row of what matching wrote, with the transaction that did. */
  rows(): Promise<unknown[]>;
  /** Lets days pass since the decisions were made. */
  age(days: number): Promise<void>;
  /** Empties the library and the shelf. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const database = await testDatabase();
  const { sql } = database;
  await migrate(
    sql,
    [
      { name: "core", migrations: coreMigrations },
      { name: "bangumi", migrations: [{ name: "0001-bangumi", sql: bangumiSql }] },
      { name: "matching", migrations: [{ name: "0001-matching", sql: matchingSql }] },
    ],
    silentLogger,
  );
  const shelf = openShelf();
  const log = recordingLogger();
  const rules = { decide: plainDecide(shelf), version: "1" };
  const matching = () =>
    createMatching({
      ...{ sql, log, bangumi: shelf, bangumiForPeople: shelf, rules: rules.version },
      decide: (group, limits) => rules.decide(group, limits),
    });
  const house: House = {
    sql,
    url: database.url,
    shelf,
    log,
    rules,
    matching: matching(),
    async add(...paths) {
      const ids = paths.map((path) => mediaId(path));
      await sql`
        insert into media_files (id, path, size, mtime, inode)
        select id, path, 1, 1, 1 from unnest(${ids}::text[], ${paths}::text[]) as f (id, path)`;
      await sql`
        insert into media_parses (media_id, elements, search, parser_version, reading)
        select id, '{}', '', 1, reading::jsonb
        from unnest(${ids}::text[], ${paths.map((path) => JSON.stringify(readingOf(path)))}::text[]) as p (id, reading)`;
      return ids;
    },
    async run({
      signal = new AbortController().signal,
      fence = async () => {},
      onProgress = () => {},
      ...payload
    } = {}) {
      const job: JobContext<"auto-match"> = {
        ...{ id: Bun.randomUUIDv7(), payload, attempt: 1, signal, fence, progress: onProgress },
      };
      return (await autoMatchJob(matching(), sql, noJobs).run(job)).result as unknown as MatchResult;
    },
    async matches() {
      const rows = await sql<{ path: string; subject_id: number; episode_id: number | null; method: string }[]>`
        select path, subject_id, episode_id, method from media_matches join media_files on id = media_id order by path`;
      return rows.map(({ path, subject_id, episode_id, method }) => `${path}: ${subject_id}/${episode_id} ${method}`);
    },
    rows: async () => [
      ...(await sql`select m.xmin::text, m.* from media_matches m order by media_id`),
      ...(await sql`select c.xmin::text, c.* from match_candidates c order by media_id, rank`),
      ...(await sql`select d.xmin::text, d.* from match_decisions d order by media_id`),
      ...(await sql`select version from library_version`),
    ],
    age: async (days) => {
      await sql`update match_decisions set decided_at = decided_at - make_interval(days => ${days})`;
    },
    async clear() {
      await sql`truncate media_files, bangumi_subjects, bangumi_episodes, jobs cascade`;
      shelf.down = null;
      shelf.calls.length = 0;
      log.lines.length = 0;
      Object.assign(rules, { decide: plainDecide(shelf), version: "1" });
    },
    close: () => database.drop(),
  };
  return house;
}

export const outage = (retryAfter?: number): Unavailable => new Unavailable(OUT, { retryAfter });
