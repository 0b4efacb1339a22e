/** A film that tells where it is: each second has a grey of its own, each sound track a tone, and subtitles of two kinds. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ffmpeg, newFolder } from "../fixtures.ts";

export const FILM_SECS = 40;
/** The tones of its sound tracks, Hz. */
export const TONES = { jpn: 440, eng: 1320 } as const;
/** While it is there, a magenta square covers the upper left corner: 100 of 640 pixels wide. Only styled subtitles can. */
export const SQUARE = { from: 10, to: 20 } as const;
export const STYLED_LINE = "A styled line";
export const PLAIN_LINE = "Eine Zeile";

/** Of limited range, 16 to 235: a second is 5 steps. */
const lumaOf = "16+5*floor(T)";
/** @param level of grey in full range, 0 to 255 */
export const secondOf = (level: number): number => Math.round((level * 219) / 255 / 5);

const ASS = `[Script Info]
ScriptType: v4.00+
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Liberation Sans,28,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,0,2,10,10,14,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:00:40.00,Default,,0,0,0,,{\\i1}${STYLED_LINE}
Dialogue: 1,0:00:${SQUARE.from}.00,0:00:${SQUARE.to}.00,Default,,0,0,0,,{\\an7\\pos(0,0)\\p1\\bord0\\1c&HFF00FF&}m 0 0 l 100 0 100 100 0 100
`;
/** One line every four seconds: after a seek a player knows of those that begin later. */
const SRT = Array.from({ length: FILM_SECS / 4 }, (_, at) => {
  const [start, end] = [4 * at, 4 * at + 4].map((secs) => `00:00:${String(secs).padStart(2, "0")},000`);
  return `${at + 1}\n${start} --> ${end}\n<i>${PLAIN_LINE}</i>\n`;
}).join("\n");
const CHAPTERS =
  ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=12000\ntitle=Opening\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=12000\nEND=40000\ntitle=Part A\n";

/** Any font will do; this one draws the icons of a tool of ours. */
const FONTS = join(import.meta.dir, "../../../../node_modules/playwright-core/lib");
const [FONT] = [...new Bun.Glob("**/*.ttf").scanSync(FONTS)].map((path) => join(FONTS, path));

/** @returns the path of a new file, H.264 and AAC in Matroska */
export async function makeFilm(name = "film.mkv"): Promise<string> {
  const folder = newFolder();
  const at = (file: string) => join(folder, file);
  await Promise.all([
    writeFile(at("styled.ass"), ASS),
    writeFile(at("plain.srt"), SRT),
    writeFile(at("chapters.txt"), CHAPTERS),
  ]);
  const tone = (hertz: number) => ["-f", "lavfi", "-i", `sine=${hertz}:d=${FILM_SECS}:r=48000`];
  const grey = `nullsrc=s=32x18:r=24:d=${FILM_SECS},geq=lum='${lumaOf}':cb=128:cr=128,scale=320:180`;
  await ffmpeg(
    ...["-f", "lavfi", "-i", grey, ...tone(TONES.jpn), ...tone(TONES.eng)],
    ...["-i", at("styled.ass"), "-i", at("plain.srt"), "-i", at("chapters.txt")],
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4", "-map_chapters", "5"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "48", "-pix_fmt", "yuv420p"],
    ...["-c:a", "aac", "-c:s", "copy"],
    ...["-metadata:s:a:0", "language=jpn", "-metadata:s:a:1", "language=eng"],
    ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger"],
    ...["-attach", FONT!, "-metadata:s:t:0", "mimetype=font/ttf", "-metadata:s:t:0", "filename=icons.ttf"],
    at(name),
  );
  return at(name);
}

export interface Pixels {
  /** Red, green and blue of the one at a place, in parts of width and height. */
  at(x: number, y: number): [number, number, number];
}

/** Reads a picture, whatever it is called and made with. */
export async function readPixels(path: string): Promise<Pixels> {
  const [width, height] = [64, 36];
  const child = Bun.spawn(
    [
      ...["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-frames:v", "1"],
      ...["-vf", `scale=${width}:${height}:flags=area`, "-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"],
    ],
    { stdin: "ignore" },
  );
  const bytes = await child.stdout.bytes();
  if (bytes.length !== width * height * 3) throw new Error(`no picture in ${path}`);
  return {
    at(x, y) {
      const begin = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
      return [...bytes.subarray(begin, begin + 3)] as [number, number, number];
    },
  };
}

export const isMagenta = ([red, green, blue]: [number, number, number]): boolean =>
  red > 200 && green < 60 && blue > 200;
