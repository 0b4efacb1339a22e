/** The command lines of ffmpeg that make sheets of thumbnails in the working directory. Pure. */
import { openArgs } from "../tools.ts";
import { SHEETS, TILE_WIDTH } from "./list.ts";
import { COLUMNS, MAX_SHEETS, ROWS, SLOT_SECS } from "./slots.ts";

export interface Picture {
  /** ffmpeg's stream number. */
  index: number;
  /** ffmpeg's name. */
  codec: string;
}

/** Pixels; a file may say that its picture is 16 wide and 16,000 high. */
const MAX_HEIGHT = 640;

/** From keyframes on standard input, a slot a second. */
export const fedArgs = (): string[] => [
  ...COMMON,
  ...["-protocol_whitelist", "pipe", "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2", "-f", "mp4", "-i", "pipe:0"],
  ...output(0, 1),
];

/**
 * From the file, which is read to its end. Only keyframes are decoded, but for H.264: where its keyframes are no fresh start (open
 * GOPs, broadcasts) ffmpeg loses count of the pictures without those between, and shows nothing.
 * @param file absolute path
 */
export const fileArgs = (file: string, { index, codec }: Picture): string[] => [
  ...[...COMMON, "-skip_frame", codec === "h264" ? "bidir" : "nokey", ...openArgs(file)],
  ...output(index, SLOT_SECS),
];

/** One sheet is minutes of work on a slow machine: how far it is, and that it lives, is told by a copy that goes nowhere. */
const COMMON = ["-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-y"];

function output(index: number, slotSecs: number): string[] {
  const height = `max(2,min(${MAX_HEIGHT},trunc(${TILE_WIDTH}/dar/2)*2))`;
  const filters = [
    // First, so that what fills gaps is small. Square pixels, whatever the file has.
    `scale=w=${TILE_WIDTH}:h='${height}',setsar=1`,
    // Where nothing can be decoded the one before stands in, so that those after it keep their places.
    `fps=fps=1/${slotSecs}:start_time=0:round=near:eof_action=pass`,
    // A sheet would count as 100 slots of progress.
    `tile=${COLUMNS}x${ROWS},setpts=N`,
  ].join(",");
  return [
    ...["-map", `0:${index}`, "-filter:v", filters, "-fps_mode", "passthrough", "-enc_time_base", "1:1000000"],
    ...["-pix_fmt", "yuvj420p", "-q:v", "4", "-frames:v", `${MAX_SHEETS}`],
    ...["-f", "image2", "-start_number", "0", SHEETS],
    ...["-map", `0:${index}`, "-c", "copy", "-f", "null", "-"],
  ];
}
