/** Encoded pictures as segments: what ffmpeg writes as Matroska, cut at the keyframes that stand on the grid. */
import { videoFacts } from "../codec/facts.ts";
import { cadenceOf } from "../copy/cadence.ts";
import { videoSamples } from "../copy/video.ts";
import { mediaSegment } from "../fmp4/fragment.ts";
import { initSegment } from "../fmp4/init.ts";
import { createFrameParser } from "../mkv/frame-parser.ts";
import { Damaged, type Frame, type SourceTrack } from "../reader/model.ts";
import type { VideoTrack } from "../track.ts";
import type { Cutter, Made } from "./cutter.ts";
import { leadOf, spanAt } from "./grid.ts";
import { parameterSets } from "./parameter-sets.ts";
import type { Range, Work } from "./work.ts";

/** ffmpeg's Matroska rounds to a millisecond, so that a picture may seem to stand before the border that it was made for. */
const ROUNDING_NS = 1e6;
/** Encoders use a picture as a reference for at most so many that are shown before it, and after another such. */
const REORDER = 2;
const USUAL_RATE = 24;

/** Nanoseconds by which pictures are stamped later than they are shown: the same for every encoder of a track. */
export const delayOf = ({ frameRate }: Pick<VideoTrack, "frameRate">): number =>
  Math.round((REORDER * 1e9) / (frameRate ?? USUAL_RATE)) + ROUNDING_NS;

/** @param work of a video track, encoded with `pictureArgs` */
export function createPictureCutter(work: Work, { first, end }: Range): Cutter {
  const delay = delayOf(work.track as VideoTrack);
  const lead = leadOf(work.spans);
  const parser = createFrameParser();
  const meant = cadenceOf(shifted(work.source, lead));
  let track: SourceTrack | undefined;
  let sets: Uint8Array = new Uint8Array(0);
  let current = first;
  let frames: Frame[] = [];

  function open(tracks: readonly SourceTrack[]): Made {
    const video = tracks.find(({ type }) => type === "video");
    if (!video) throw new Damaged("ffmpeg made no picture");
    // All heads of a track count from the same zero.
    track = { ...video, start: null };
    sets = parameterSets(video.codecPrivate);
    const facts = videoFacts(track, null);
    if (!facts) throw new Damaged("ffmpeg made no H.264 that can be put into MP4");
    return { name: "init", bytes: initSegment(track, facts, delay) };
  }
  /** @param next time of the picture after the last one */
  function close(next: number): Made[] {
    const closed = frames;
    frames = [];
    if (!track || closed.length === 0) return [];
    return [{ name: current, bytes: mediaSegment(current + 1, videoSamples(track, closed, next, delay)) }];
  }
  function add(frame: Frame): Made[] {
    const number = frame.key ? spanAt(work.spans, frame.time - lead + ROUNDING_NS) : current;
    const time = meant(frame.time);
    const made = number > current ? close(time) : [];
    current = Math.max(current, number);
    const data = frame.key ? Buffer.concat([sets, frame.data]) : frame.data;
    // Beyond the end is only what tells how long the last picture is shown.
    if (current < end) frames.push({ ...frame, time, data });
    return made;
  }
  return {
    push(chunk) {
      const made: Made[] = [];
      for (const event of parser.push(chunk))
        made.push(...("tracks" in event ? [open(event.tracks)] : add(event.frame)));
      return made;
    },
    end() {
      parser.end();
      const last = Math.max(0, ...frames.map(({ time }) => time));
      const next = work.spans[current]!.end + lead;
      return close(next > last ? next : last + Math.round(1e9 / USUAL_RATE));
    },
  };
}

/** Where the source's pictures are on the clock of what is encoded. */
const shifted = (source: SourceTrack | null, lead: number): Pick<SourceTrack, "frameDuration" | "start"> => ({
  frameDuration: source?.frameDuration ?? null,
  start: source?.start == null ? null : source.start + lead,
});
