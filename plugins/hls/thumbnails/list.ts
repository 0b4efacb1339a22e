/** The list of thumbnails: WebVTT whose cues name a part of a picture (`#xywh=`, Media Fragments), as players' seek bars read it. */
import { vttTime } from "../subtitles/clock.ts";
import { COLUMNS, SLOT_SECS, TILES } from "./slots.ts";

export const LIST = "thumbnails.vtt";
/** Pixels. */
export const TILE_WIDTH = 320;

/** Under which name ffmpeg writes the pictures, from 0. */
export const SHEETS = "thumbnails_%d.jpg";
export const SHEET = /^thumbnails_\d+\.jpg$/;
export const sheetName = (sheet: number): string => SHEETS.replace("%d", `${sheet}`);

/**
 * @param count of thumbnails
 * @param height of one in pixels
 */
export function thumbnailList(count: number, height: number): string {
  const cues = Array.from({ length: count }, (_, slot) => {
    const [start, end] = [slot, slot + 1].map((at) => vttTime(at * SLOT_SECS * 1e9));
    const tile = slot % TILES;
    const [x, y] = [(tile % COLUMNS) * TILE_WIDTH, Math.floor(tile / COLUMNS) * height];
    return `\n${start} --> ${end}\n${sheetName(Math.floor(slot / TILES))}#xywh=${x},${y},${TILE_WIDTH},${height}\n`;
  });
  return `WEBVTT\n${cues.join("")}`;
}
