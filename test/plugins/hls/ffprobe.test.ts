/** ffprobe in front of files that mean harm (HARDENING S6, S8 to S11, S14, S15). */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { probeFile, Unreadable } from "../../../plugins/hls/ffprobe.ts";
import { findTools } from "../../../plugins/hls/tools.ts";
import { fixture, newFolder, release } from "./fixtures.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const tools = findTools("ffmpeg");

async function hostile(text: string, name = "evil.mkv"): Promise<string> {
  const file = join(newFolder(), name);
  await writeFile(file, text);
  return file;
}

describe("S8 to S11: what looks like a video and is a list of other files", () => {
  const inside = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n";
  test.each<[string, (target: string) => string]>([
    ["an HLS playlist", (target) => `${inside}${target}\n#EXT-X-ENDLIST\n`],
    ["an HLS playlist with file:", (target) => `${inside}file:${target}\n#EXT-X-ENDLIST\n`],
    ["an ffconcat script", (target) => `ffconcat version 1.0\nfile '${target}'\n`],
    [
      "an SDP description",
      () => "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    ],
    ["a DASH manifest", (target) => `<?xml version="1.0"?><MPD><BaseURL>${target}</BaseURL></MPD>`],
    ["an image list", (target) => `${target}\n`],
  ])("%s is refused, and what it names is never opened", async (_kind, text) => {
    const target = await fixture("h264-aac.ts");
    await expect(probeFile(tools, await hostile(text(target)))).rejects.toThrow(Unreadable);
  });

  test("a playlist that points at a web server makes no request", async () => {
    let hits = 0;
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(`${++hits}`) });
    const playlist = await hostile(`${inside}http://127.0.0.1:${server.port}/a.ts\n#EXT-X-ENDLIST\n`);
    await expect(probeFile(tools, playlist)).rejects.toThrow(Unreadable);
    await server.stop(true);
    expect(hits).toBe(0);
  });

  test("a playlist of 100,000 segments is refused at once, not read", async () => {
    const bomb = `#EXTM3U\n#EXT-X-TARGETDURATION:6\n${"#EXTINF:6,\na.ts\n".repeat(100_000)}`;
    await expect(probeFile(tools, await hostile(bomb))).rejects.toThrow("cannot be read as a video");
  });
});

test.each(["h264-aac.ts"] as const)("S14: %s is opened under every name", async (name) => {
  const source = await fixture(name);
  const folder = newFolder();
  const names = [
    ...["-i.mkv", "http:evil.mkv", "concat:a|b", "subfile,,start,0,end,10,,:ok.mkv", "pipe:0", "crypto:x"],
    ...["data:text,x", "colon:in:name.mkv", "100% %d [01].mkv", `quo'te"s.mkv`, "new\nline.mkv", "tab\t.mkv"],
    ...["*?[]{}.mkv", "emoji 🎬.mkv", `${"long".repeat(62)}.mkv`, "$(touch x);`x`.mkv", "back\\slash.mkv"],
  ];
  for (const odd of names) {
    const file = join(folder, odd);
    await copyFile(source, file);
    expect((await probeFile(tools, file)).tracks[0]?.codec).toBe("h264");
  }
});

test("S15: a file whose name is not UTF-8 is opened through a link", async () => {
  const folder = newFolder();
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe, 0x2e]), Buffer.from("mkv")]);
  await copyFile(await fixture("h264-aac.mkv"), odd as unknown as string);
  await symlink(odd, join(folder, "link.mkv"));
  expect((await probeFile(tools, join(folder, "link.mkv"))).tracks).toHaveLength(2);
});

test("S6: a named pipe is refused before ffprobe would wait on it", async () => {
  const pipe = join(newFolder(), "pipe.mkv");
  await Bun.spawn(["mkfifo", pipe]).exited;
  await expect(probeFile(tools, pipe)).rejects.toThrow("not a regular file");
});

test.each<[string, () => Promise<string>]>([
  ["noise", () => hostile(Buffer.from(crypto.getRandomValues(new Uint8Array(50_000))).toString("latin1"))],
  ["zeros, as a preallocated download has them", () => hostile("\0".repeat(100_000))],
  ["an empty file", () => hostile("")],
  ["text", () => hostile("just some text")],
])("%s cannot be read, and the reason stays out of the message", async (_kind, make) => {
  const error: unknown = await probeFile(tools, await make()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Unreadable);
  expect((error as Error).message).not.toContain("/");
  expect((error as Error).cause).toBeString();
});

test("an ffprobe that never answers is killed", async () => {
  const ffprobe = await script("sleep 1000");
  const answer = probeFile({ ...tools, ffprobe }, await fixture("silent.mkv"), 200);
  await expect(answer).rejects.toThrow("took too long");
});

test("an ffprobe that says too much is killed", async () => {
  const ffprobe = await script("yes");
  await expect(probeFile({ ...tools, ffprobe }, await fixture("silent.mkv"))).rejects.toThrow("too much to say");
});

test("an answer that is not JSON is an error, not a crash", async () => {
  const ffprobe = await script("echo '<html>'");
  await expect(probeFile({ ...tools, ffprobe }, await fixture("silent.mkv"))).rejects.toThrow(Unreadable);
});

test("covers and attachments are not among the tracks; times, rates, languages and chapters are", async () => {
  const index = await probeFile(tools, await release());
  expect(index).toMatchObject({ format: "matroska,webm", cut: null });
  expect(index.duration).toBeCloseTo(5, 1);
  expect(index.tracks).toMatchObject([
    { type: "subtitle", codec: "ass" },
    { type: "video", codec: "h264", pixelFormat: "yuv420p", width: 320, height: 180, frameRate: 24_000 / 1001 },
    { type: "audio", codec: "aac", profile: "LC", channels: 1, sampleRate: 48_000 },
  ]);
  expect(index.chapters).toEqual([{ start: 0, end: 2e9, title: "Opening" }]);
});

test.each(["late.mkv", "late.ts"] as const)("%s is five seconds long, and begins late", async (name) => {
  const { start, duration } = await probeFile(tools, await fixture(name));
  expect(start).toBeGreaterThan(99);
  expect(duration).toBeCloseTo(5, 1);
});
