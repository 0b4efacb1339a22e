/** The `hls` job: a whole rendition on disk, of the same bytes under the same names as on demand. */
import { Type } from "typebox";
import {
  AppError,
  EXIT,
  FatalJobError,
  type JobContext,
  type JobDefinition,
  JobSnooze,
  type MediaFile,
} from "../../src/plugin.ts";
import { type Capabilities, capabilitiesOf } from "./capabilities.ts";
import { requireSpace } from "./disk.ts";
import { acquireLock } from "./lock.ts";
import { initName, MASTER, parseName, playlistName, subtitlesName } from "./names.ts";
import { remux } from "./remux-job.ts";
import { attempt, LOCKED_SECS } from "./run-job.ts";
import type { Hls, Show } from "./service.ts";
import { listOf } from "./stream.ts";
import { subtitleForms } from "./subtitles/forms.ts";
import { subtitlesOf } from "./track.ts";

declare global {
  interface AnicargoJobs {
    hls: { media_id: string; codecs?: string };
  }
}

type HlsContext = JobContext<"hls">;

export const hlsJob = (hls: Hls): JobDefinition<"hls"> => ({
  kind: "hls",
  payload: Type.Object({
    media_id: Type.String({ pattern: "^[0-9a-f]{16}$" }),
    // Of the player that it is made for, as `capabilityNames` writes them.
    codecs: Type.Optional(Type.String()),
  }),
  concurrency: hls.config.max_hls_concurrency,
  run: (job) => attempt(hls, async () => ({ result: await makeRendition(hls, job) })),
});

async function makeRendition(hls: Hls, job: HlsContext) {
  const media = await hls.find(job.payload.media_id);
  const show = await prepare(hls, media, capabilitiesOf(job.payload.codecs, null), job);
  const { key, plan } = show.stream;
  const made = { media_id: media.id, rendition: key, made: true };
  if (await hls.cache.has(media.id, key)) return { ...made, made: false };

  const lock = await acquireLock(hls.cache.lock(media.id, key), hls.config.lock_timeout_secs);
  if (!lock) throw new JobSnooze(LOCKED_SECS, "another process is making this rendition");
  try {
    // Made between the look and the lock.
    if (await hls.cache.has(media.id, key)) return { ...made, made: false };
    const bytes = plan.video.mode === "copy" ? media.size : 0;
    await hls.cache.evict(bytes);
    await requireSpace(lock.output, bytes);
    await write(hls, show, job);
    return made;
  } finally {
    await lock.release();
  }
}

async function prepare(hls: Hls, media: MediaFile, capabilities: Capabilities, job: HlsContext): Promise<Show> {
  const show = await hls.show(media, capabilities);
  if (show) return show;
  try {
    await remux(hls, job);
  } catch (error) {
    // Where it cannot be copied, the show that comes now is encoded.
    if (!(error instanceof FatalJobError)) throw error;
    const encoded = await hls.show(media, capabilities);
    if (!encoded) throw error;
    return encoded;
  }
  const prepared = await hls.show(media, capabilities);
  if (!prepared) throw new AppError("the file changed while it was read", 500, EXIT.failed);
  return prepared;
}

/**
 * Segment by segment, each whole or not there: what an earlier attempt or a viewer has left is used. The list of all comes
 * last; a rendition without it is not complete.
 */
async function write(hls: Hls, show: Show, job: HlsContext): Promise<void> {
  const { media, stream } = show;
  const tracks = ["video" as const, ...stream.plan.audio.map(({ track }) => track.index)];
  const segments = interleaved(tracks.map((track) => listOf(stream, track).segments.map(({ name }) => name)));
  const lists = tracks.map(playlistName);
  const subtitles = subtitlesOf(stream.index.tracks)
    .filter(({ codec }) => subtitleForms(codec).includes("vtt"))
    .flatMap(({ index }) => [subtitlesName(index, "vtt"), subtitlesName(index, "m3u8")]);
  const names = [...tracks.map(initName), ...segments, ...subtitles, ...lists];
  const note = stream.plan.video.mode === "copy" ? "copying" : "transcoding";
  for (const [done, name] of names.entries()) {
    job.signal.throwIfAborted();
    job.progress({ done, total: names.length, note });
    if (await hls.cache.open(media.id, stream.key, name)) continue;
    await store(hls, show, name, job.signal);
  }
  await requireSame(hls, show);
  await job.fence();
  await store(hls, show, MASTER, job.signal);
}

/** One of each, then the next of each: segments of one time are made together. */
const interleaved = (lists: string[][]): string[] =>
  Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, k) =>
    lists.flatMap((list) => list.slice(k, k + 1)),
  ).flat();

async function store(hls: Hls, show: Show, name: string, signal: AbortSignal): Promise<void> {
  const made = await hls.make(show, parseName(name)!, { signal, patient: true });
  const bytes = made instanceof Blob ? await made.bytes() : made;
  const refused = await hls.cache.put(show.media.id, show.stream.key, name, bytes);
  if (refused) throw refused;
}

/** Two versions of a file in one rendition would break in the middle (HARDENING R6). */
async function requireSame(hls: Hls, { media }: Show): Promise<void> {
  if ((await hls.find(media.id)).version !== media.version) {
    throw new AppError("the file changed while it was read", 500, EXIT.failed);
  }
}
