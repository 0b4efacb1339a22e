/** Films that cannot be taken for one another: all black, all white. */
import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Film as EncodedFilm, film, joined, shown } from "../encode/works.ts";
import { ffmpeg, newFolder, scratch } from "../fixtures.ts";

export type Colour = "black" | "white";

/** Six segments of two seconds. */
export const SECS = 12;

const made = new Map<string, Promise<string>>();
/** @returns the path of a file in Matroska, not to be changed */
export function plain(colour: Colour): Promise<string> {
  const path = join(scratch(), `${colour}.mkv`);
  const making =
    made.get(path) ??
    ffmpeg(
      ...[
        "-f",
        "lavfi",
        "-i",
        `color=${colour}:s=320x180:r=25:d=${SECS}`,
        "-f",
        "lavfi",
        "-i",
        `sine=440:d=${SECS}:r=48000`,
      ],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", path],
    ).then(() => path);
  made.set(path, making);
  return making;
}

/** @returns a copy that the test may change */
export async function own(colour: Colour): Promise<string> {
  const path = join(newFolder(), "film.mkv");
  await copyFile(await plain(colour), path);
  return path;
}

/** Another file takes the place of one at once, as a downloader does it. */
export async function replace(file: string, colour: Colour): Promise<void> {
  const fresh = `${file}.part`;
  await copyFile(await plain(colour), fresh);
  await rename(fresh, file);
}

/** What the pictures of a segment show. @throws when they show both */
export async function colourOf(init: Uint8Array, segment: Uint8Array): Promise<Colour> {
  const lights = (await shown(joined(init, segment))).map(({ light }) => light);
  if (lights.length > 0 && lights.every((light) => light < 30)) return "black";
  if (lights.length > 0 && lights.every((light) => light > 220)) return "white";
  throw new Error(`pictures of brightness ${[...new Set(lights)]}`);
}

/** A minute that moves, in a file of its own, so that its encoders are told from those of other tests. */
export async function ownFilm(name: EncodedFilm = "moving.mkv"): Promise<string> {
  const path = join(newFolder(), `film${name.slice(name.lastIndexOf("."))}`);
  await copyFile(await film(name), path);
  return path;
}
