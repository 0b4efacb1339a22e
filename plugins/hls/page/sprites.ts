/** Thumbnails for the seek bar: a WebVTT list whose cues name a part of a picture, `thumbnails_0.jpg#xywh=0,0,320,180`. */

export interface Sprite {
  /** Seconds. */
  start: number;
  end: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const TIMES = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> (?:(\d+):)?(\d\d):(\d\d\.\d{3})/;
const PART = /^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/;

/**
 * In the order of the list. What it does not understand it leaves out.
 * @param base address of the list, which the pictures' are relative to
 */
export function parseSprites(text: string, base: string): Sprite[] {
  const sprites: Sprite[] = [];
  let times: [start: number, end: number] | null = null;
  for (const line of text.split(/\r?\n/)) {
    const stamp = TIMES.exec(line);
    const part = PART.exec(line);
    if (stamp) times = [seconds(stamp.slice(1, 4)), seconds(stamp.slice(4, 7))];
    else if (part && times) {
      const [x, y, width, height] = part.slice(2).map(Number) as [number, number, number, number];
      sprites.push({ start: times[0], end: times[1], url: new URL(part[1]!, base).href, x, y, width, height });
      times = null;
    }
  }
  return sprites;
}

/** The picture of a time; the nearest one before it where there is a gap. */
export const spriteAt = (sprites: readonly Sprite[], secs: number): Sprite | undefined =>
  sprites.findLast(({ start }) => start <= secs) ?? sprites[0];

const seconds = ([hours = "0", minutes, secs]: (string | undefined)[]): number =>
  Number(hours) * 3600 + Number(minutes) * 60 + Number(secs);
