/** The command line of an ffmpeg that encodes pictures. Pure. */
import { openArgs } from "../tools.ts";
import type { VideoTrack } from "../track.ts";
import { type Encoder, keyframeArgs, PICTURE_OUTPUT, type PictureSettings } from "./encoders.ts";
import { leadOf, type Span } from "./grid.ts";
import { encodedSize } from "./picture-size.ts";
import { type Range, secsArg, seekArgs, type Work } from "./work.ts";

/** A second in which a picture stands still has so many: each segment has one to begin with. */
const STILLS_RATE = 2;
/** Nanoseconds that are encoded beyond the end, to know how long the last picture is shown: a still comes by then. */
const BEYOND_NS = 1e9 / STILLS_RATE + 1e8;

/** @param work of a video track */
export function pictureArgs(work: Work, range: Range, encoder: Encoder, settings: PictureSettings): string[] {
  const lead = leadOf(work.spans);
  const from = work.spans[range.first]!.start;
  const borders = work.spans.slice(range.first, range.end + 1).map(({ start }) => secsArg(start + lead));
  return [
    ...["-nostdin", "-hide_banner", "-v", "error", "-max_error_rate", "1", ...encoder.device],
    ...seekArgs(work, from),
    ...openArgs(work.file),
    ...["-filter_complex", filters(work, range, encoder, settings), "-map", "[out]"],
    // Nothing of the file but the picture: titles may be personal.
    ...["-map_metadata", "-1", "-map_chapters", "-1"],
    ...encoder.args(settings),
    ...keyframeArgs(borders),
    ...PICTURE_OUTPUT,
  ];
}

/**
 * Every picture keeps its time. Where there is none for long (a still that was made short by dropping what repeats, the begin or
 * the end of a file whose sound is longer, a damaged part), the one before is repeated, so that no segment is empty: `fps`
 * makes stills all the time, marked as interlaced, and `select` lets those pass that are needed.
 */
function filters(work: Work, range: Range, encoder: Encoder, settings: PictureSettings): string {
  const { interlaced, index, ...picture } = work.track as VideoTrack;
  const { width, height } = encodedSize(picture, settings.transcode_height);
  const lead = leadOf(work.spans);
  const begin = work.spans[0]!.start + lead;
  const chain = [
    ...(lead > 0 ? [`setpts=PTS+${secsArg(lead)}/TB`] : []),
    ...(interlaced ? ["yadif=deint=interlaced"] : []),
    "setfield=prog",
  ].join(",");
  const still = `fps=${STILLS_RATE}:start_time=${secsArg(begin)}:round=up,tpad=stop=-1:stop_mode=clone,setfield=tff`;
  const first = beginsLate(work) ? "isnan(prev_selected_t)" : "0";
  const needed = `${first}+gte(t-prev_selected_t\\,${1 / STILLS_RATE - 0.001})`;
  return [
    `[0:${index}]${chain},split[moving][copy]`,
    `[copy]${still}[still]`,
    `[moving][still]interleave,select='not(eq(interlace_type\\,TOPFIRST))+${needed}',setfield=prog,` +
      `trim=start=${secsArg(work.spans[range.first]!.start + lead)}:end=${secsArg(endOf(work.spans, range) + lead)},` +
      `scale=${width}:${height},${encoder.upload}[out]`,
  ].join(";");
}

/** Whether there is something to fill before the first picture; where that is not known, one that is doubled does no harm. */
function beginsLate({ source, spans }: Work): boolean {
  return source?.start == null || source.start - spans[0]!.start > 1e9 / STILLS_RATE;
}

function endOf(spans: readonly Span[], { end }: Range): number {
  const next = spans[end];
  return next ? next.start + BEYOND_NS : spans.at(-1)!.end;
}
