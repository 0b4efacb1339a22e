/** Where what is served comes from: the file, an encoder, the cache. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EVERY_PLAYER } from "../../../plugins/hls/capabilities.ts";
import type { Hls } from "../../../plugins/hls/service.ts";
import { until } from "../../helpers/until.ts";
import { ffmpeg, fixture, newFolder, play, probeStreams } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";
import { addressesOf, readMasterList, readMediaList } from "./lists.ts";
import { script } from "./script.ts";
import { type Serving, serving } from "./serving.ts";
import { file, merged } from "./subtitles/files.ts";
import { pgs } from "./subtitles/pgs.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const NOWHERE = { ffmpeg_path: "/nowhere/ffmpeg" };

let house: House;
let http: Serving;
beforeAll(async () => {
  house = await openHouse();
  http = await serving(house.hls);
});
afterAll(async () => {
  await http.stop();
  await house.close();
});

async function served<T>(hls: Hls, use: (http: Serving) => Promise<T>): Promise<T> {
  const other = await serving(hls);
  try {
    return await use(other);
  } finally {
    await other.stop();
  }
}

const nameOf = (address: string) => new URL(address).pathname.split("/").at(-1)!;
const text = async (url: string) => (await fetch(url)).text();

describe("what was encoded", () => {
  test("is kept: another server with the same cache serves it, and needs no ffmpeg", async () => {
    const id = await house.add(await fixture("h264-444.mkv"));
    const bytes = new Map<string, Uint8Array>();
    for (const address of await addressesOf(await http.playlist(id, "aac"))) {
      if (!address.includes(".m3u8")) bytes.set(nameOf(address), await (await fetch(address)).bytes());
    }
    const { key } = (await house.show(id, EVERY_PLAYER)).stream;
    const folder = house.hls.cache.folder(id, key);
    await until(async () => (await readdir(folder).catch(() => [])).length === bytes.size);
    await served(house.with(NOWHERE), async (other) => {
      for (const address of await addressesOf(await other.playlist(id, "aac"))) {
        if (address.includes(".m3u8")) continue;
        const answer = await fetch(address);
        expect(answer.status).toBe(200);
        expect(Buffer.from(await answer.bytes()).equals(bytes.get(nameOf(address))!)).toBeTrue();
      }
    });
  });

  test("is begun when the list is asked for, and not again for one that was made before", async () => {
    const log = join(newFolder(), "runs");
    const ffmpeg = await script(`echo run >> '${log}'\nexec ffmpeg "$@"`, "ffmpeg");
    const hls = house.with({ ffmpeg_path: ffmpeg });
    const id = await house.add(await fixture("mpeg4-mp3.avi"));
    const show = await house.show(id, EVERY_PLAYER, hls);
    await served(hls, async (other) => {
      await text(await other.playlist(id, "aac"));
      await until(() => hls.cache.has(id, show.stream.key, "video_0.m4s"));
      await hls.warm(show);
      expect(await Bun.file(log).text()).toBe("run\n");
    });
  });

  test("on demand becomes part of the rendition that is made later", async () => {
    const id = await house.add(await fixture("h264-444.mkv"));
    const first = (await addressesOf(await http.playlist(id, "aac"))).find((address) => address.includes("_0.m4s"))!;
    const seen = await (await fetch(first)).bytes();
    const { folder } = await house.make(id, { capabilities: EVERY_PLAYER });
    expect(Buffer.from(await Bun.file(join(folder, nameOf(first))).bytes()).equals(seen)).toBeTrue();
    expect(await play(join(folder, "index.m3u8"))).toBe("");
  });
});

describe("what is copied", () => {
  test("takes nothing of the cache folder, and needs no ffmpeg", async () => {
    const id = await house.add(await fixture("h264-aac.mkv"));
    await served(house.with(NOWHERE), async (other) => {
      for (const address of await addressesOf(await other.playlist(id)))
        expect((await fetch(address)).status).toBe(200);
    });
    expect(await readdir(join(house.cacheDir, "hls", id)).catch(() => [])).toEqual([]);
  });
});

describe("an encoder that cannot be had", () => {
  test.each<[string, () => Promise<string>, number, string]>([
    ["missing", async () => "/nowhere/ffmpeg", 503, "hls.ffmpeg_path"],
    [
      "failing",
      () => script("echo '/secret/path: broken' >&2; exit 187", "ffmpeg"),
      500,
      "ffmpeg failed (exit code 187)",
    ],
  ])(
    "when ffmpeg is %s, the lists are there, and a segment says why it is not",
    async (_kind, program, status, why) => {
      const id = await house.add(await fixture("silent.mkv"));
      const hls = house.with({ ffmpeg_path: await program(), transcode: true });
      await served(hls, async (other) => {
        const [list, , segment] = await addressesOf(await other.playlist(id));
        expect((await fetch(list!)).status).toBe(200);
        const answer = await fetch(segment!);
        expect(answer.status).toBe(status);
        const { error } = (await answer.json()) as { error: string };
        expect(error).toContain(why);
        expect(error).not.toContain("secret");
      });
    },
  );

  test("when the server is being stopped", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const hls = house.with({ transcode: true });
    await served(hls, async (other) => {
      const [, , segment] = await addressesOf(await other.playlist(id));
      await hls.close();
      const answer = await fetch(segment!);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ error: "the server is being stopped" });
    });
  });
});

describe("several sounds", () => {
  test("are renditions of their own, named as the file names them, and each comes as its codec asks for", async () => {
    const id = await house.add(await fixture("two-sounds.mkv"));
    const playlist = await http.playlist(id);
    const master = readMasterList(await text(playlist));
    expect(master.variant.CODECS).toMatch(/^avc1\.\w+,mp4a\.40\.2$/);
    expect(master.audio.map(({ NAME, LANGUAGE, DEFAULT }) => [NAME, LANGUAGE, DEFAULT])).toEqual([
      ["Japanese", "ja", "NO"],
      ["The  cut URI= x", "en", "YES"],
    ]);
    const { mode, plan } = (await house.show(id)).stream;
    expect([mode, ...plan.audio.map((audio) => audio.mode)]).toEqual(["transcode_audio", "copy", "encode"]);
    for (const { URI } of master.audio) {
      const list = readMediaList(await text(new URL(URI!, playlist).href));
      expect(list.segments).toHaveLength(3);
    }
    expect(await probeStreams(playlist)).toHaveLength(3);
    expect(await play(playlist)).toBe("");
  });
});

describe("subtitles", () => {
  const lines = "1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> & welcome\n";
  const cue = "00:00:01.000 --> 00:00:02.500\nHello &amp; welcome\n";

  async function withSubtitles(name: string, args: string[], subtitles: string): Promise<string> {
    const path = join(newFolder(), name);
    await ffmpeg(
      "-i",
      await fixture("h264-aac.mkv"),
      "-i",
      subtitles,
      "-map",
      "0",
      "-map",
      "1",
      "-c",
      "copy",
      ...args,
      path,
    );
    return house.add(path);
  }
  const at = async (id: string, name: string) => new URL(name, await http.playlist(id)).href;

  test("of pictures, as Blu-ray discs have them, are served as they are, and are in no playlist", async () => {
    const id = await house.add(await merged(await fixture("h264-aac.mkv"), await file("a.sup", pgs())));
    const answer = await fetch(await at(id, "subtitles_2.sup"));
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(Buffer.from(await answer.bytes()).equals(pgs())).toBeTrue();
    expect((await fetch(await at(id, "subtitles_2.vtt"))).status).toBe(404);
    expect(readMasterList(await text(await http.playlist(id))).subtitles).toEqual([]);
  });

  test.each<[string, string[]]>([
    ["a.mkv", []],
    ["a.mp4", ["-c:s", "mov_text"]],
  ])("of text in %s are WebVTT, from the list of all that names them", async (name, args) => {
    const id = await withSubtitles(name, args, await file("a.srt", lines));
    const playlist = await http.playlist(id);
    const [subtitle] = readMasterList(await text(playlist)).subtitles;
    expect(subtitle).toMatchObject({ NAME: "Subtitles 1", DEFAULT: "NO" });
    const list = new URL(subtitle!.URI!, playlist).href;
    const { segments } = readMediaList(await text(list));
    expect(segments).toHaveLength(1);
    const cues = await text(new URL(segments[0]!.name, list).href);
    // MP4 has its styles elsewhere than in the text.
    expect(cues.replace(/<\/?i>/g, "")).toContain(cue);
  });
});
