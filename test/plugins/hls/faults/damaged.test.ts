/** Files that are damaged in one place: what can be read plays to its end, and what cannot is refused in words. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { utimes, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { LONG_AGO } from "../../../helpers/media-tree.ts";
import { joined } from "../encode/works.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";
import { type House, openHouse } from "../house.ts";
import { addressesOf } from "../lists.ts";
import { type Serving, serving } from "../serving.ts";
import { bytesOf, load, refusal } from "./player.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

const SECS = 20;
const RATE = 25;

let house: House;
let http: Serving;
/** Whole files, by extension. */
const whole: Record<string, Buffer> = {};
beforeAll(async () => {
  house = await openHouse();
  http = await serving(house.hls);
  const folder = newFolder();
  const at = (name: string) => join(folder, name);
  await writeFile(
    at("lines.srt"),
    "1\n00:00:01,000 --> 00:00:04,000\nHello\n\n2\n00:00:15,000 --> 00:00:18,000\nBye\n",
  );
  // As large as fonts are; only its first bytes say what it is.
  await writeFile(at("font.ttf"), Buffer.concat([Buffer.from([0, 1, 0, 0]), Buffer.alloc(100_000, "font")]));
  await ffmpeg(
    ...[
      "-f",
      "lavfi",
      "-i",
      `testsrc2=s=320x180:r=${RATE}:d=${SECS}`,
      "-f",
      "lavfi",
      "-i",
      `sine=440:d=${SECS}:r=48000`,
    ],
    ...["-i", at("lines.srt"), "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "50", "-c:a", "aac"],
    ...["-c:s", "ass", "-attach", at("font.ttf"), "-metadata:s:t:0", "mimetype=font/ttf", at("film.mkv")],
  );
  const copy = ["-i", at("film.mkv"), "-map", "0:v", "-map", "0:a", "-c", "copy"];
  await ffmpeg(...copy, at("film.mp4"));
  await ffmpeg(...copy, at("film.ts"));
  for (const name of ["film.mkv", "film.mp4", "film.ts"]) {
    whole[extname(name)] = Buffer.from(await Bun.file(at(name)).bytes());
  }
});
afterAll(async () => {
  await http.stop();
  await house.close();
});

type Damage = (bytes: Buffer) => Buffer;
/** Noise, the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[i] = state;
  }
  return bytes;
}
/** @param from in parts of the file */
const noisy =
  (from: number, length: number): Damage =>
  (bytes) => {
    noise(length).copy(bytes, Math.floor(from * bytes.length));
    return bytes;
  };
/** Destroys an element of Matroska, from its number on. */
const without =
  (id: number, length: number): Damage =>
  (bytes) => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(id);
    noise(length).copy(bytes, place(bytes, number));
    return bytes;
  };
/** Its content alone. */
const inFont: Damage = (bytes) => {
  noise(5_000).copy(bytes, place(bytes, Buffer.from("fontfontfont")) - 10_000);
  return bytes;
};
/** The content of a box of MP4. */
const withoutBox =
  (name: string): Damage =>
  (bytes) => {
    const begin = place(bytes, Buffer.from(name));
    noise(bytes.readUInt32BE(begin - 4) - 8).copy(bytes, begin + 4);
    return bytes;
  };
function place(bytes: Buffer, what: Buffer): number {
  // The last one: where elements are is said in front, in the same four bytes.
  const at = bytes.lastIndexOf(what);
  if (at < 0) throw new Error("the file is another one than was thought");
  return at;
}
const cutOff =
  (part: number): Damage =>
  (bytes) =>
    bytes.subarray(0, Math.floor(part * bytes.length));

/** @returns the id of a file of its own, and the address of its list */
async function damaged(extension: string, damage: Damage): Promise<{ id: string; list: string }> {
  const file = join(newFolder(), `film${extension}`);
  await writeFile(file, damage(Buffer.from(whole[extension]!)));
  const id = await house.add(file);
  return { id, list: await http.playlist(id) };
}

/** The list, once what has to be made first is made; null when the file is refused, in words and each time in the same. */
async function ready({ id, list }: { id: string; list: string }): Promise<string | null> {
  const first = await fetch(list);
  if (first.status === 503) {
    await house.remux(id).catch(() => null);
    expect((await fetch(list)).status).not.toBe(503);
  }
  const answer = await fetch(list);
  if (answer.status === 200) return list;
  const { error } = (await answer.json()) as { error: string };
  expect([answer.status, error]).toEqual([422, expect.stringMatching(/^[a-z][^\n]+$/)]);
  expect(await (await fetch(list)).json()).toMatchObject({ error });
  return null;
}

/** Pictures that ffmpeg, which is as forgiving as players are, gets of all that the list names. */
async function picturesOf(list: string): Promise<number> {
  const lines = await said("ffmpeg", "-nostdin", "-v", "quiet", "-i", list, "-map", "0:v", "-f", "framemd5", "-");
  return lines.filter((line) => /^\d/.test(line)).length;
}

/** Seconds at which the first picture of a segment is decoded. */
async function beginOf(file: string): Promise<number> {
  const lines = await said("ffprobe", "-v", "quiet", "-show_entries", "packet=dts_time", "-of", "csv=p=0", file);
  return Number.parseFloat(lines[0] ?? "");
}

async function said(...command: string[]): Promise<string[]> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe" });
  return (await child.stdout.text()).trim().split("\n");
}

/** Everything that the lists name comes, and each segment of pictures begins when its list says. */
async function requireWhole(list: string): Promise<void> {
  for (const url of await addressesOf(list)) await bytesOf(url);
  const [picture] = await load(list);
  const init = await bytesOf(picture.init);
  const begins: number[] = [];
  for (const url of picture.segments) begins.push(await beginOf(joined(init, await bytesOf(url))));
  for (const [k, begin] of begins.entries()) expect(begin - begins[0]!).toBeCloseTo(picture.starts[k]!, 0.5);
}

const ALL = SECS * RATE;

describe("Matroska", () => {
  test.each<[string, Damage, number]>([
    ["nowhere", (bytes) => bytes, ALL],
    ["in what says where everything is", without(ID.seekHead, 60), ALL],
    ["in its list of keyframes", without(ID.cues, 200), ALL],
    ["in the head of its attachments", without(ID.attachments, 8), ALL],
    ["in a font", inFont, ALL],
    ["at its end, which is missing", cutOff(0.6), ALL / 2],
    ["at its end, in the middle of a frame of the last second", cutOff(0.97), ALL * 0.9],
    ["in the middle, by a few bytes", noisy(0.5, 16), ALL * 0.7],
    ["in the middle, by a tenth", (bytes) => noisy(0.5, bytes.length / 10)(bytes), ALL * 0.6],
    [
      "in the middle, by sectors that read as zeros",
      (bytes) => bytes.fill(0, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.6)),
      ALL * 0.6,
    ],
    [
      "in ten places",
      (bytes) => Array.from({ length: 10 }, (_, i) => noisy((i + 2) / 13, 512)).reduce((all, one) => one(all), bytes),
      ALL * 0.2,
    ],
    ["in its last keyframe", noisy(0.92, 4096), ALL * 0.7],
  ])("damaged %s plays: every segment comes, in its time", async (_place, damage, pictures) => {
    const list = (await ready(await damaged(".mkv", damage)))!;
    await requireWhole(list);
    expect(await picturesOf(list)).toBeGreaterThanOrEqual(Math.floor(pictures));
  });

  test("damaged in its first cluster plays from the first keyframe that can be read", async () => {
    const film = await damaged(".mkv", (bytes) => {
      const at = bytes.indexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]));
      noise(3_000).copy(bytes, at + 12);
      return bytes;
    });
    const list = (await ready(film))!;
    await requireWhole(list);
    expect(await picturesOf(list)).toBeGreaterThanOrEqual(ALL * 0.7);
  });

  test.each<[string, Damage]>([
    ["at its first bytes", noisy(0, 64)],
    ["in its list of tracks", without(ID.tracks, 300)],
    ["everywhere", (bytes) => noise(bytes.length)],
    ["at its end, so that hardly a head is left", cutOff(0.0005)],
  ])("damaged %s is refused in one line, the same each time, or plays", async (_place, damage) => {
    const list = await ready(await damaged(".mkv", damage));
    if (list) await requireWhole(list);
  });

  test("damaged in a font plays, and every font that is named can be fetched", async () => {
    const list = (await ready(await damaged(".mkv", inFont)))!;
    const { fonts } = (await (await fetch(list.replace("index.m3u8", "stream.json"))).json()) as {
      fonts: { url: string }[];
    };
    expect(fonts).toHaveLength(1);
    for (const { url } of fonts) await bytesOf(url);
  });

  test("damaged by the disk after it was read plays on: every segment comes, in its time", async () => {
    const { id, list } = await damaged(".mkv", (bytes) => bytes);
    const { file } = await house.hls.find(id);
    await utimes(file, LONG_AGO, LONG_AGO);
    const [picture] = await load(list);
    const bytes = Buffer.from(whole[".mkv"]!);
    await writeFile(file, noisy(0.3, Math.floor(bytes.length / 4))(bytes));
    // Nobody is told.
    await utimes(file, LONG_AGO, LONG_AGO);
    for (const url of picture.segments) await bytesOf(url);
    await requireWhole(list);
  });
});

describe("MP4", () => {
  test.each<[string, Damage, number]>([
    ["nowhere", (bytes) => bytes, ALL],
    ["in the middle of its frames", noisy(0.5, 5_000), ALL * 0.8],
  ])("damaged %s plays: every segment comes, in its time", async (_place, damage, pictures) => {
    const list = (await ready(await damaged(".mp4", damage)))!;
    await requireWhole(list);
    expect(await picturesOf(list)).toBeGreaterThanOrEqual(Math.floor(pictures));
  });

  test.each<[string, Damage]>([
    ["at its end, with all that says what is in it", cutOff(0.8)],
    ["in its index", withoutBox("moov")],
    ["in its sizes", withoutBox("stsz")],
    ["in its times", withoutBox("stts")],
  ])("damaged %s is refused in one line, the same each time, or plays", async (_place, damage) => {
    const list = await ready(await damaged(".mp4", damage));
    if (list) await requireWhole(list);
  });

  test("damaged in the places of its sound plays its pictures; each sound is an error in one line", async () => {
    const { list } = await damaged(".mp4", withoutBox("stco"));
    const [picture, sound] = await load(list);
    for (const url of picture.segments) await bytesOf(url);
    for (const url of sound!.segments) {
      const error = "the file is damaged here: what comes before and after may play";
      expect(await refusal(url)).toMatchObject({ status: 422, error });
    }
  });

  test("damaged in what its codec is: each picture is an error in one line", async () => {
    const { list } = await damaged(".mp4", withoutBox("avcC"));
    const [picture] = await load(list);
    const { status, error } = await refusal(picture.segments[0]!);
    expect([status, error]).toEqual([500, expect.stringMatching(/^ffmpeg failed \(.+\); the log has what it said$/)]);
  });
});

describe("a transport stream", () => {
  test.each<[string, Damage, number]>([
    ["in the middle", noisy(0.5, 20_000), ALL * 0.6],
    ["at its begin", noisy(0, 5_000), ALL * 0.5],
    ["at its end, which is missing", cutOff(0.6), ALL * 0.5],
  ])("damaged %s plays once it is remuxed", async (_place, damage, pictures) => {
    const list = (await ready(await damaged(".ts", damage)))!;
    await requireWhole(list);
    expect(await picturesOf(list)).toBeGreaterThanOrEqual(Math.floor(pictures));
  });
});
