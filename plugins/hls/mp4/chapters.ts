/** Chapters, as Nero writes them and as QuickTime does. */
import type { ByteSource, Chapter } from "../reader/model.ts";
import { find, textOf, viewOf } from "./box.ts";
import type { Movie } from "./movie.ts";
import { readSamples } from "./read-samples.ts";
import { timelineOf } from "./timeline.ts";
import type { Track } from "./track.ts";

const TICK_NS = 100;
const MOST_CHAPTERS = 1000;

/** @throws Damaged, RangeError for those of a damaged file, which is no reason to do without the film */
export async function readChapters(movie: Movie, source: ByteSource): Promise<Chapter[]> {
  const chpl = find(movie.tags, "chpl");
  if (chpl) return readNeroChapters(chpl);
  const wanted = new Set(movie.tracks.flatMap(({ chapters }) => chapters));
  const track = movie.tracks.find(({ id, type }) => wanted.has(id) && type === "subtitle");
  return track ? readChapterTrack(movie, track, source) : [];
}

/** A list of times and titles in the tags. */
function readNeroChapters(chpl: Uint8Array): Chapter[] {
  const view = viewOf(chpl);
  const chapters: Chapter[] = [];
  let place = chpl[0] === 1 ? 9 : 5;
  for (let left = chpl[place - 1]!; left > 0 && place + 9 <= chpl.length; left--) {
    const start = Number(view.getBigUint64(place)) * TICK_NS;
    const length = chpl[place + 8]!;
    chapters.push({ start, end: null, title: textOf(chpl.subarray(place + 9, place + 9 + length)) });
    place += 9 + length;
  }
  return chapters.map((chapter, i) => ({ ...chapter, end: chapters[i + 1]?.start ?? null }));
}

/** A track of texts, each with its length before it. */
async function readChapterTrack(movie: Movie, track: Track, source: ByteSource): Promise<Chapter[]> {
  const { samples, times, nanoseconds } = timelineOf(movie, track);
  const numbers = [...samples.keys.keys()].slice(0, MOST_CHAPTERS);
  const texts = await readSamples(source, samples, numbers);
  return numbers.map((number, i) => {
    const text = texts[i]!;
    const length = text.length < 2 ? 0 : viewOf(text).getUint16(0);
    const start = times[number]!;
    return { start, end: start + nanoseconds(samples.durations[number]!), title: textOf(text.subarray(2, 2 + length)) };
  });
}
