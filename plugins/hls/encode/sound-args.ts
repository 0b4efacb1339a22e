/** The command line of an ffmpeg that encodes sound to AAC, and the grid of its frames. Pure. */
import { openArgs } from "../tools.ts";
import type { AudioTrack } from "../track.ts";
import { leadOf, type Span } from "./grid.ts";
import { type Range, secsArg, seekArgs, type Work } from "./work.ts";

export const FRAME_SAMPLES = 1024;
/** What every player plays: more channels are mixed down. */
export const CHANNELS = 2;
const BITRATE = "160k";
/** Hz; a rate that fits the other is kept. */
export const rateOf = ({ sampleRate }: Pick<AudioTrack, "sampleRate">): number =>
  sampleRate > 0 && 44_100 % sampleRate === 0 ? 44_100 : 48_000;

/**
 * Frames that are encoded before the first one that is kept: an encoder that starts needs a while until it makes the same of
 * the same sound as one that has been running.
 */
const WARM_UP = 16;
/** Nanoseconds of the source that are decoded before that: codecs need earlier frames as well. */
const DECODE_NS = 1e9;
/** Seconds by which the source's times may be off before sound is cut or silence put in: below what anyone hears. */
const TOLERANCE = 0.04;

/** Number of the first frame of a segment, on a clock on which frame 0 begins at 0. The last one's end is `spans.length`. */
export function firstFrame(spans: readonly Span[], k: number, rate: number): number {
  const lead = leadOf(spans);
  const time = k < spans.length ? spans[k]!.start : spans.at(-1)!.end;
  const frames = (((time + lead) / 1e9) * rate) / FRAME_SAMPLES;
  // The first segment leaves nothing out.
  return k === 0 ? Math.floor(frames) : Math.ceil(frames);
}

/** The frame that the sound given to the encoder begins with. */
export const encodedFrom = (spans: readonly Span[], first: number, rate: number): number =>
  Math.max(firstFrame(spans, 0, rate), firstFrame(spans, first, rate) - WARM_UP);

/**
 * The first packet that comes out is what the encoder puts before the sound; then comes frame {@link encodedFrom}.
 * @param work of an audio track
 */
export function soundArgs(work: Work, range: Range): string[] {
  const track = work.track as AudioTrack;
  const rate = rateOf(track);
  const from = encodedFrom(work.spans, range.first, rate);
  const frames = firstFrame(work.spans, range.end, rate) - from;
  const time = (from * FRAME_SAMPLES * 1e9) / rate - leadOf(work.spans);
  const filters = [
    ...onGrid(work),
    // Where there is no sound, there is silence: before, between and behind what there is.
    `aresample=${rate}:async=1:min_hard_comp=${TOLERANCE}:first_pts=${from * FRAME_SAMPLES}`,
    "apad",
    `atrim=end_sample=${frames * FRAME_SAMPLES}`,
  ];
  return [
    ...["-nostdin", "-hide_banner", "-v", "error", "-max_error_rate", "1"],
    ...seekArgs(work, time - DECODE_NS),
    ...openArgs(work.file),
    ...["-map", `0:${track.index}`, "-map_metadata", "-1", "-map_chapters", "-1"],
    ...["-filter:a", filters.join(","), "-c:a", "aac", "-ac", `${CHANNELS}`, "-b:a", BITRATE],
    ...["-f", "adts", "pipe:1"],
  ];
}

/** Codecs whose decoded frames all have the length that the container says, from the first one on. */
const STEADY = ["ac3", "eac3", "dts", "mp2"];

/**
 * Containers round times, Matroska to a millisecond. Counted in frames from the track's begin they are exact, so that two
 * encoders that begin at two places agree to the sample.
 */
function onGrid({ source, track, spans }: Work): string[] {
  const lead = leadOf(spans);
  const steady = source?.start != null && source.frameDuration && STEADY.includes(track.codec);
  if (!steady) return lead > 0 ? [`asetpts=PTS+${secsArg(lead)}/TB`] : [];
  const begin = `round(${secsArg(source.start!)}*SR)`;
  const frame = `round(${(source.frameDuration! / 1e9).toFixed(9)}*SR)`;
  return [`asetpts='${begin}+round((PTS-${begin})/${frame})*${frame}+round(${secsArg(lead)}*SR)'`];
}
