import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { fixture, newFolder, play, probeStreams } from "./fixtures.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const main = join(import.meta.dir, "../../../src/main.ts");
const home = newFolder();
let database: TestDatabase;
let id: string;
let hi10p: string;
let noise: string;

async function anicargo(args: string[], more: Record<string, string> = {}) {
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, ANICARGO_DATABASE_URL: database.url },
    ...{ ANICARGO_MEDIA_DIR: join(home, "media"), ANICARGO_CACHE_DIR: join(home, "cache"), ...more },
  };
  const child = Bun.spawn([process.execPath, main, ...args], { cwd: home, env, stdin: "ignore", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

beforeAll(async () => {
  database = await testDatabase();
  await mkdir(join(home, "media"));
  await copyFile(await fixture("h264-aac.mkv"), join(home, "media/a.mkv"));
  await copyFile(await fixture("hi10p-flac.mkv"), join(home, "media/b.mkv"));
  await writeFile(join(home, "media/c.mkv"), crypto.getRandomValues(new Uint8Array(50_000)));
  await anicargo(["index"]);
  const lines = (await anicargo(["scan"])).out.trim().split("\n");
  [id, hi10p, noise] = ["a.mkv", "b.mkv", "c.mkv"].map(
    (name) => lines.find((line) => line.endsWith(name))!.split("\t")[0]!,
  ) as [string, string, string];
});
afterAll(() => database.drop());

const NOWHERE = { ANICARGO_FFMPEG_PATH: "/nowhere/ffmpeg" };

test("a missing ffmpeg ends with 69 and names the key to set, where it is needed", async () => {
  expect(await anicargo(["hls", id], { ...NOWHERE, ANICARGO_HLS_TRANSCODE: "true" })).toMatchObject({
    code: 69,
    out: "",
    err: expect.stringContaining("set hls.ffmpeg_path"),
  });
});

test("prints the path of the playlist, and nothing else on standard output; what is copied needs no ffmpeg", async () => {
  const { code, out } = await anicargo(["hls", id], NOWHERE);
  expect(code).toBe(0);
  expect(out).toStartWith(`${join(home, "cache/hls", id)}/`);
  expect(out).toEndWith("/index.m3u8\n");
  expect(await play(out.trim())).toBe("");
});

test("finds what is made already", async () => {
  const first = (await anicargo(["hls", id])).out.trim();
  const { code, out } = await anicargo(["hls", "--json", id]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ id, playlist: first });
});

test("--codecs makes it for a player that takes less", async () => {
  const all = await anicargo(["hls", hi10p]);
  const some = await anicargo(["hls", "--codecs", "h264,aac", hi10p]);
  expect([all.code, some.code]).toEqual([0, 0]);
  expect(all.out).not.toBe(some.out);
  const formats = async (list: string) =>
    (await probeStreams(list.trim())).map(({ codec_name, pix_fmt }) => pix_fmt ?? codec_name).sort();
  expect(await formats(all.out)).toEqual(["flac", "yuv420p10le"]);
  expect(await formats(some.out)).toEqual(["aac", "yuv420p"]);
});

test("R25: two at once make one ffmpeg for each track, and both get the path", async () => {
  const log = join(home, "runs");
  const ffmpeg = await script(`echo run >> '${log}'\nexec ffmpeg "$@"`, "ffmpeg");
  const env = { ANICARGO_FFMPEG_PATH: ffmpeg, ANICARGO_HLS_TRANSCODE: "true" };
  const [one, two] = await Promise.all([anicargo(["hls", id], env), anicargo(["hls", id], env)]);
  expect([one.code, two.code]).toEqual([0, 0]);
  expect(one.out).toBe(two.out);
  expect(await Bun.file(log).text()).toBe("run\nrun\n");
});

test.each<[string, string, number, string]>([
  ["an id that is none", "nope", 64, "a media id is 16 hex digits"],
  ["an unknown id", "00000000000000ff", 66, "there is no media file with this id"],
])("%s ends with a line and an exit code", async (_kind, odd, code, message) => {
  expect(await anicargo(["hls", odd])).toMatchObject({ code, out: "", err: expect.stringContaining(message) });
});

test("what is no video ends with a line and an exit code", async () => {
  expect(await anicargo(["hls", noise])).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("this file cannot be read as a video"),
  });
});
