/** Indexes of media files, each found out once for as long as the file does not change. */
import type { Sql } from "postgres";
import { within } from "../../src/lib/within.ts";
import type { Logger, MediaFile } from "../../src/plugin.ts";
import { analyse } from "./analyse.ts";
import { Unreadable } from "./ffprobe.ts";
import type { MediaIndex } from "./media-index.ts";
import { findIndex, type Known, saveIndex } from "./store.ts";
import { findTools } from "./tools.ts";

export interface Indexer {
  /** @throws Unreadable, Unavailable when ffprobe is needed and missing */
  index(media: MediaFile): Promise<MediaIndex>;
  /** What is known, or can be found out at once; null otherwise. */
  glance(media: MediaFile): Promise<MediaIndex | null>;
  /** Remembers that the file cannot be copied into a container that we read: it is encoded instead. */
  giveUpCopy(media: MediaFile): Promise<void>;
}

/** Pages that list many files must not start a crowd of readers. */
const MAX_GLANCES = 2;
const GLANCE_MS = 1_000;
/** Kept in memory: what is being played, at about 20 KB each. */
const MAX_KEPT = 200;

export function createIndexer(sql: Sql, log: Logger, config: { ffmpeg_path: string }): Indexer {
  const kept = new Map<string, Promise<Known>>();
  let glances = 0;

  const readNow = async ({ id, version, file, path }: MediaFile): Promise<Known> => {
    try {
      const index = await analyse(file, () => findTools(config.ffmpeg_path));
      return { index, problem: null };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      log.warn(error.message, { media: id, path, said: error.cause, version });
      return { index: null, problem: error.message };
    }
  };
  const find = async (media: MediaFile): Promise<Known> => {
    const known = await findIndex(sql, media.id, media.version);
    if (known) return known;
    const read = await readNow(media);
    await saveIndex(sql, media.id, media.version, read);
    return read;
  };
  /** Two who ask at once wait for one reader. */
  const get = (media: MediaFile): Promise<Known> => {
    const key = keyOf(media);
    const before = kept.get(key);
    const answer = before ?? find(media);
    // To the end of the line; the one in front has not been asked for the longest.
    kept.delete(key);
    kept.set(key, answer);
    if (before) return answer;
    answer.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
    return answer;
  };

  const keyOf = ({ id, version }: MediaFile) => `${id} ${version}`;

  const indexer: Indexer = {
    async index(media) {
      const { index, problem } = await get(media);
      if (!index) throw new Unreadable(problem);
      return index;
    },
    async glance(media) {
      if (glances >= MAX_GLANCES) return (await findIndex(sql, media.id, media.version))?.index ?? null;
      glances++;
      const asked = indexer
        .index(media)
        .catch(() => null)
        .finally(() => glances--);
      return (await within(asked, GLANCE_MS)) ? asked : null;
    },
    async giveUpCopy(media) {
      const known: Known = { index: { ...(await indexer.index(media)), copyFailed: true }, problem: null };
      await saveIndex(sql, media.id, media.version, known);
      kept.set(keyOf(media), Promise.resolve(known));
    },
  };
  return indexer;
}
