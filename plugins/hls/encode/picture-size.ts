/** How large an encoded picture is, and what that asks of a decoder. Pure. */
import type { VideoTrack } from "../track.ts";

type Picture = Pick<VideoTrack, "width" | "height" | "frameRate">;

/**
 * Both sides are even: there are half as many samples of colour in each direction.
 * @param limit `hls.transcode_height`; 0 keeps every size
 */
export function encodedSize({ width, height }: Pick<Picture, "width" | "height">, limit: number) {
  const lines = limit > 0 ? Math.min(height, limit) : height;
  return { width: even((width * lines) / height), height: even(lines) };
}

const even = (length: number): number => Math.max(2, 2 * Math.floor(length / 2));

/** Of H.264, table A-1: level, macroblocks of a picture, macroblocks a second. */
const LEVELS = [
  [31, 3_600, 108_000],
  [40, 8_192, 245_760],
  [42, 8_704, 522_240],
  [51, 36_864, 983_040],
  [52, 36_864, 2_073_600],
] as const;
/** Of pictures that come at a changing rate. */
const MOST_RATE = 60;

/** What a player is told that it will decode: H.264 High, 8 bit. @param limit `hls.transcode_height` */
export function encodedCodec(picture: Picture, limit: number): string {
  const { width, height } = encodedSize(picture, limit);
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const rate = blocks * (picture.frameRate ?? MOST_RATE);
  const level = LEVELS.find(([, size, speed]) => blocks <= size && rate <= speed) ?? LEVELS.at(-1)!;
  return `avc1.6400${level[0].toString(16).padStart(2, "0")}`;
}
