/** What a person says a file is. */
import type { Sql, TransactionSql } from "postgres";
import { NotFound, type Reading, Unprocessable } from "../../src/plugin.ts";
import type { Bangumi, Episode } from "../bangumi/model.ts";
import { folderOf, groupKey } from "./grouping.ts";
import { mayBelong, ownEpisode } from "./own-episode.ts";
import type { KnownFile } from "./plan.ts";
import {
  deleteMatches,
  findMatch,
  findParsed,
  forgetDecisions,
  holdFile,
  holdFiles,
  listKnownFiles,
  lockMatches,
  upsertManualMatches,
} from "./store.ts";
import { BY_HAND, BY_NEIGHBOUR } from "./teaching.ts";

export interface Choice {
  subjectId: number;
  /** Without it the file's own number says which, where it can. */
  episodeId?: number;
  /** Also for the files of the same folder that name the same work. */
  applyToGroup: boolean;
}

export interface ManualParts {
  sql: Sql;
  bangumi: Pick<Bangumi, "subject" | "episodes" | "sync">;
}

const MEDIA_ID = /^[0-9a-f]{16}$/;

/** @throws NotFound */
export async function requireFile(sql: Sql, mediaId: string): Promise<{ path: string; reading: Reading | null }> {
  const file = MEDIA_ID.test(mediaId) ? await findParsed(sql, mediaId) : null;
  if (!file) throw unknownFile();
  return file;
}

const unknownFile = () => new NotFound("there is no such file in the library");

/**
 * Writes a manual match, which nothing but {@link clear} and another choice takes away again. With `applyToGroup` the neighbours get
 * one too, each with its own episode; not those that a person gave to another subject, nor those whose number is none of this
 * subject's (a folder may run on into the next season).
 * @throws NotFound; Unprocessable when Bangumi does not know subject or episode; Unavailable when it would have to be asked
 */
export async function choose({ sql, bangumi }: ManualParts, mediaId: string, choice: Choice): Promise<void> {
  const { subjectId, episodeId, applyToGroup } = choice;
  const { path, reading } = await requireFile(sql, mediaId);
  const episodes = await requireSubject(bangumi, subjectId, episodeId);
  const own = episodeId ?? (reading && ownEpisode(reading, episodes)?.id) ?? null;
  const matches = [{ media_id: mediaId, episode_id: own, reason: BY_HAND }];
  await sql.begin(async (tx) => {
    // Before the lock on matches, which whoever removes the file may be waiting for.
    if (!(await holdFile(tx, mediaId))) throw unknownFile();
    await lockMatches(tx);
    if (applyToGroup && reading) {
      const neighbours = await neighboursOf(tx, { mediaId, path, reading });
      for (const { mediaId, match, reading } of neighbours) {
        if (match?.method === "manual" || !mayBelong(reading, episodes)) continue;
        const episode_id = ownEpisode(reading, episodes)?.id ?? null;
        matches.push({ media_id: mediaId, episode_id, reason: BY_NEIGHBOUR });
      }
    }
    await upsertManualMatches(tx, matches, subjectId);
  });
}

/**
 * Takes the match away, whoever made it; the next auto-match looks at the file again.
 * @param applyToGroup also from the neighbours that have the same subject
 * @throws NotFound
 */
export async function clear(sql: Sql, mediaId: string, applyToGroup: boolean): Promise<void> {
  const { path, reading } = await requireFile(sql, mediaId);
  await sql.begin(async (tx) => {
    await lockMatches(tx);
    const ids = [mediaId];
    if (applyToGroup && reading) {
      const current = await findMatch(tx, mediaId);
      const neighbours = await neighboursOf(tx, { mediaId, path, reading });
      const same = neighbours.filter(({ match }) => match && match.subjectId === current?.subject_id);
      ids.push(...same.map(({ mediaId }) => mediaId));
    }
    await deleteMatches(tx, ids);
    await forgetDecisions(tx, ids);
  });
}

/** The other files of its group that nobody is moving or removing. */
async function neighboursOf(
  tx: TransactionSql,
  file: Pick<KnownFile, "mediaId" | "path" | "reading">,
): Promise<KnownFile[]> {
  const key = groupKey(file);
  const folder = await listKnownFiles(tx, folderOf(file.path));
  const group = folder.filter((other) => other.mediaId !== file.mediaId && groupKey(other) === key);
  const ids = group.map(({ mediaId }) => mediaId);
  const held = await holdFiles(tx, ids);
  return group.filter(({ mediaId }) => held.has(mediaId));
}

/** @returns its episodes, the one that was named among them */
async function requireSubject(
  bangumi: ManualParts["bangumi"],
  subjectId: number,
  episodeId: number | undefined,
): Promise<Episode[]> {
  if (!(await bangumi.subject(subjectId))) throw new Unprocessable("body.subject_id: Bangumi knows no such subject");
  const known = await bangumi.episodes(subjectId);
  if (episodeId === undefined || known.some(({ id }) => id === episodeId)) return known;
  // It may be newer than what is cached.
  await bangumi.sync(subjectId);
  const fresh = await bangumi.episodes(subjectId);
  if (fresh.some(({ id }) => id === episodeId)) return fresh;
  throw new Unprocessable("body.episode_id: the subject has no such episode");
}
