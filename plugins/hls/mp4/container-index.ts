/** What an MP4 file holds, in the words that all readers share. */
import type { Chapter, ContainerIndex, SourceTrack } from "../reader/model.ts";
import type { Movie } from "./movie.ts";
import { least, type Timeline, timelineOf } from "./timeline.ts";
import type { Track } from "./track.ts";

/** Pictures that stand still: covers, and those of chapters. */
const STILL = ["mjpeg", "png"];

/** A second of PCM has 48,000 frames in some files, and nobody copies them. */
export const hasFrames = ({ entry }: Track): boolean => entry.codec !== "unknown" && !entry.codec.startsWith("pcm_");

/** Tracks that are played; texts and pictures of chapters are none. */
export function playedTracks(movie: Movie): Track[] {
  const chapters = new Set(movie.tracks.flatMap((track) => track.chapters));
  return movie.tracks.filter(({ id, type }) => type !== null && !chapters.has(id));
}

export const mainVideo = (movie: Movie): Track | null =>
  playedTracks(movie).find(({ type, entry }) => type === "video" && !STILL.includes(entry.codec)) ?? null;

/** @throws Damaged when the tables of a track make no sense */
export function indexOf(movie: Movie, chapters: Chapter[]): ContainerIndex {
  const tracks = playedTracks(movie);
  const video = mainVideo(movie);
  const timelines = new Map(tracks.filter(hasFrames).map((track) => [track, timelineOf(movie, track)]));
  const timeline = video && timelines.get(video);
  const keyframes = timeline ? keyframesOf(timeline) : { times: [], offsets: [] };
  return {
    format: "mp4",
    duration: Math.max(0, ...tracks.map((track) => endOf(track, timelines.get(track)))),
    tracks: tracks.map((track) => describe(track, timelines.get(track))),
    video: video?.id ?? null,
    keyframes,
    subtitleBlocks: {},
    attachments: [],
    chapters,
    obstacle: timeline ? obstacleOf(timeline, keyframes.times) : null,
  };
}

/** Numbers of the keyframes among the frames. */
export function keysOf({ samples: { keys } }: Timeline): number[] {
  const numbers: number[] = [];
  for (let number = keys.indexOf(1); number >= 0; number = keys.indexOf(1, number + 1)) numbers.push(number);
  return numbers;
}

function keyframesOf(timeline: Timeline): ContainerIndex["keyframes"] {
  const keys = keysOf(timeline);
  const { samples, times } = timeline;
  return { times: keys.map((key) => times[key]!), offsets: keys.map((key) => samples.offsets[key]!) };
}

function obstacleOf(timeline: Timeline, keyframes: readonly number[]): string | null {
  if (keyframes.length === 0) return "the video track has no keyframes";
  if (timeline.cutAtStart) return "an edit list begins the film between two keyframes";
  if (keyframes.some((time, i) => i > 0 && time <= keyframes[i - 1]!))
    return "keyframes are not in the order of their times";
  return null;
}

function endOf(track: Track, timeline: Timeline | undefined): number {
  if (!timeline) return (track.duration / track.timescale) * 1e9;
  const last = timeline.samples.durations.at(-1) ?? 0;
  return timeline.times.reduce((most, time) => Math.max(most, time), 0) + timeline.nanoseconds(last);
}

function describe(track: Track, timeline: Timeline | undefined): SourceTrack {
  const { id, index, type, language, title, enabled, entry } = track;
  const start = timeline ? least(timeline.times) : 0;
  return {
    ...{ number: id, index, type: type!, language, title, default: enabled, forced: false, ...entry },
    frameDuration: timeline ? frameDuration(timeline) : null,
    start: Number.isFinite(start) ? start : null,
  };
}

/** The last frame may have any; clocks too coarse for the rate alternate between two ticks. */
function frameDuration({ samples, nanoseconds }: Timeline): number | null {
  const durations = samples.durations.subarray(0, -1);
  if (durations.length === 0) return null;
  const [least, most] = [durations.reduce((a, b) => Math.min(a, b)), durations.reduce((a, b) => Math.max(a, b))];
  if (most - least > 1 || least === 0) return null;
  return nanoseconds(durations.reduce((sum, ticks) => sum + ticks, 0) / durations.length);
}
