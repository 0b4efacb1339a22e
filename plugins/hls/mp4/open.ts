/** MP4 and QuickTime files as {@link Container}s. */
import {
  type ByteSource,
  type Chapter,
  type Container,
  type ContainerIndex,
  Damaged,
  type Frame,
} from "../reader/model.ts";
import { readChapters } from "./chapters.ts";
import { hasFrames, indexOf, keysOf, mainVideo } from "./container-index.ts";
import { type Movie, readMovie } from "./movie.ts";
import { readSamples } from "./read-samples.ts";
import { least, type Timeline, timelineOf } from "./timeline.ts";

/**
 * Reads the head of the file: for a film of 24 minutes some 1.5 MB, for one in fragments the head of each.
 * @throws Damaged when it is no MP4 file, or one that only ffmpeg may understand
 */
export async function openMp4(source: ByteSource): Promise<Container> {
  const movie = await readMovie(source);
  const index = indexOf(movie, await chaptersOf(movie, source));
  return createContainer(source, index, async () => movie);
}

/** Reads nothing until it is asked for frames; then the head, once. */
export function resumeMp4(source: ByteSource, index: ContainerIndex): Container {
  return createContainer(source, index, () => readMovie(source));
}

/** Damaged ones are no reason to do without the film. */
async function chaptersOf(movie: Movie, source: ByteSource): Promise<Chapter[]> {
  try {
    return await readChapters(movie, source);
  } catch (error) {
    if (error instanceof Damaged || error instanceof RangeError) return [];
    throw error;
  }
}

/** What every request needs of the tables. */
interface Tables {
  timeline(track: number): Timeline;
  /** Numbers of the video track's keyframes among its frames. */
  keys: readonly number[];
}

function createContainer(source: ByteSource, index: ContainerIndex, open: () => Promise<Movie>): Container {
  let tables: Promise<Tables> | undefined;
  const ready = (): Promise<Tables> => {
    tables ??= open()
      .then((movie) => createTables(movie, index))
      .catch((error: unknown) => {
        // A disk that did not answer may do so next time.
        tables = undefined;
        throw error;
      });
    return tables;
  };

  const frames = async (track: number, { samples, times, nanoseconds }: Timeline, numbers: readonly number[]) => {
    const data = await readSamples(source, samples, numbers);
    return numbers.map(
      (number, i): Frame => ({
        track,
        time: times[number]!,
        key: samples.keys[number] === 1,
        data: data[i]!,
        duration: nanoseconds(samples.durations[number]!),
      }),
    );
  };

  return {
    index,
    async part(from, to, tracks) {
      const { timeline, keys } = await ready();
      const { times } = index.keyframes;
      const start = from === 0 ? -Infinity : times[from]!;
      const end = times[to] ?? Infinity;
      const read = tracks.map(async (track) => {
        const line = timeline(track);
        const numbers =
          track === index.video ? between(keys[from]!, keys[to] ?? line.times.length) : shownIn(line, start, end);
        return [track, await frames(track, line, numbers)] as const;
      });
      const nextVideoTime =
        to < keys.length ? least(timeline(index.video!).times.subarray(keys[to], keys[to + 1])) : null;
      return { frames: new Map(await Promise.all(read)), nextVideoTime };
    },
    async keyframe(number) {
      const { timeline, keys } = await ready();
      const [frame] = await frames(index.video!, timeline(index.video!), [keys[number]!]);
      return frame!;
    },
    async track(number) {
      const line = (await ready()).timeline(number);
      return frames(number, line, shownIn(line, -Infinity, Infinity));
    },
  };
}

function createTables(movie: Movie, index: ContainerIndex): Tables {
  const known = new Map<number, Timeline>();
  const timeline = (number: number): Timeline => {
    const track = movie.tracks.find(({ id }) => id === number);
    if (!track) throw new Damaged(`the file has no track ${number}`);
    const found = known.get(number) ?? timelineOf(movie, track);
    known.set(number, found);
    return found;
  };
  const video = mainVideo(movie);
  const keys = video && hasFrames(video) ? keysOf(timeline(video.id)) : [];
  const { times } = index.keyframes;
  const same = keys.length === times.length && times.every((time, i) => timeline(video!.id).times[keys[i]!] === time);
  if ((video?.id ?? null) !== index.video || !same) throw new Damaged("the file is not the one that was indexed");
  return { timeline, keys };
}

const between = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function shownIn({ times }: Timeline, start: number, end: number): number[] {
  const numbers: number[] = [];
  for (let number = 0; number < times.length; number++)
    if (times[number]! >= start && times[number]! < end) numbers.push(number);
  return numbers;
}
