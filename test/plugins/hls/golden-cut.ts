/** Cuts a file as a server does that is asked for its segments in any order, each time as if it had just started. */
import { join } from "node:path";
import { openSource } from "../../../plugins/hls/byte-source.ts";
import { audioFacts, videoFacts } from "../../../plugins/hls/codec/facts.ts";
import { delayOf } from "../../../plugins/hls/copy/delay.ts";
import { gridOf, type Segment } from "../../../plugins/hls/copy/grid.ts";
import { copyInit, copySegment } from "../../../plugins/hls/copy/segment.ts";
import { openMatroska, resumeMatroska } from "../../../plugins/hls/mkv/open.ts";
import { openMp4, resumeMp4 } from "../../../plugins/hls/mp4/open.ts";
import { renderPlaylist } from "../../../plugins/hls/playlist.ts";
import type { AudioFacts, VideoFacts } from "../../../plugins/hls/reader/facts.ts";
import { type Container, Damaged, type SourceTrack } from "../../../plugins/hls/reader/model.ts";
import { newFolder } from "./fixtures.ts";

export interface CutTrack {
  track: SourceTrack;
  facts: VideoFacts | AudioFacts;
  init: Uint8Array;
  /** In the order of the film. */
  segments: Uint8Array[];
  /** Absolute path of a playlist over them. */
  playlist: string;
}

export interface Cut {
  container: Container;
  grid: Segment[];
  tracks: CutTrack[];
}

const SEGMENT_SECS = 3;

/** @returns the video and every sound of it, written to a folder */
export async function cut(path: string): Promise<Cut> {
  await using source = await opened(path);
  const reader = /\.(mkv|webm)$/.test(path)
    ? { open: openMatroska, resume: resumeMatroska }
    : { open: openMp4, resume: resumeMp4 };
  const container = await reader.open(source);
  const { index } = container;
  if (index.obstacle) throw new Damaged(index.obstacle);
  const delay = await delayOf(container);
  const grid = gridOf(index.keyframes.times, index.duration, SEGMENT_SECS);
  const first = await container.keyframe(0);
  const folder = newFolder();

  const tracks = index.tracks.flatMap((track): CutTrack[] => {
    const video = track.number === index.video;
    if (!video && track.type !== "audio") return [];
    const facts = video ? videoFacts(track, first.data) : audioFacts(track);
    if (!facts) throw new Error(`${path}: ${track.codec} is not known`);
    const playlist = join(folder, `${track.index}.m3u8`);
    return [{ track, facts, init: copyInit(track, facts, delay), segments: [], playlist }];
  });
  const wanted = tracks.flatMap((track) => grid.map((_, k) => ({ track, k })));
  for (const { track, k } of shuffled(wanted)) {
    const fresh = reader.resume(source, structuredClone(index));
    track.segments[k] = await copySegment(fresh, grid, k, track.track, track.facts, delay);
  }
  for (const { track, init, segments, playlist } of tracks) {
    await Bun.write(join(folder, `init_${track.index}.mp4`), init);
    for (const [k, bytes] of segments.entries()) await Bun.write(join(folder, `${track.index}_${k}.m4s`), bytes);
    const list = grid.map(({ start, end }, k) => ({ name: `${track.index}_${k}.m4s`, secs: (end - start) / 1e9 }));
    const longest = Math.max(...list.map(({ secs }) => secs));
    await Bun.write(
      playlist,
      renderPlaylist({ segments: list, init: `init_${track.index}.mp4`, sequence: 0, longest }),
    );
  }
  return { container, grid, tracks };
}

async function opened(path: string) {
  const source = await openSource(path);
  return { ...source, [Symbol.asyncDispose]: () => source.close() };
}

/** The same order in every run, so that a failure comes again. */
function shuffled<T>(values: readonly T[]): T[] {
  const result = [...values];
  let seed = 1;
  for (let i = result.length - 1; i > 0; i--) {
    seed = (seed * 48_271) % 0x7fff_ffff;
    const j = seed % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
