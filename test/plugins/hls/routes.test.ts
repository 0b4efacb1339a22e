import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, rm, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { AnyElysia } from "elysia";
import { hls as plugin } from "../../../plugins/hls/index.ts";
import { thumbnailsJob } from "../../../plugins/hls/thumbnails/job.ts";
import { USERS_TOPIC } from "../../../src/http/user-directory.ts";
import type { Feature } from "../../../src/plugin.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";
import { type FixtureName, FONT, fixture, newFolder, play, probeStreams, release } from "./fixtures.ts";
import { DEFAULTS, type House, openHouse } from "./house.ts";
import { addressesOf, readMasterList, readMediaList } from "./lists.ts";
import { type Serving, serving } from "./serving.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
const PROC = "/proc/self/root";

let house: House;
let feature: Feature;
let http: TestHttp;
let id: string;
let file: string;
beforeAll(async () => {
  house = await openHouse();
  file = join(newFolder(), "[Group] Some & <Other> Name - 01.mkv");
  await copyFile(await fixture("h264-aac.mkv"), file);
  id = await house.add(file);
  http = await startHttp({
    routes: (auth) => {
      feature = plugin.setup({ ...house.core, http: { auth: auth.guards } }, DEFAULTS) as Feature;
      return feature.routes as AnyElysia;
    },
    unlimited: (path) => feature.unlimited!(path),
    server: { rate_limit_ip_per_minute: 10_000, rate_limit_user_per_minute: 10_000 },
  });
});
afterAll(async () => {
  await http.stop();
  await feature.stop!();
  await house.close();
});

interface Track {
  index: number;
  codec: string;
  url?: string | null;
  vtt_url?: string | null;
}
interface Stream {
  id: string;
  playlist_url: string;
  direct_url: string;
  watch_url: string;
  mode: string;
  duration: number | null;
  video: Track | null;
  audio: Track[];
  subtitles: Track[];
  fonts: { name: string; url: string }[];
  chapters: { start: number; end: number | null; title: string }[];
  thumbnails_url: string;
}

interface Asking {
  as?: string;
  codecs?: string;
  headers?: Record<string, string>;
}
const answerTo = (item: string, { as = "alice", codecs, headers }: Asking = {}) =>
  http.fetch(`/api/stream/${item}${codecs === undefined ? "" : `?codecs=${codecs}`}`, {
    as,
    headers: { "user-agent": BROWSER, ...headers },
  });
const ask = async (item = id, asking?: Asking): Promise<Stream> =>
  (await (await answerTo(item, asking)).json()) as Stream;
/** A token for the files of the item, as it stands in the addresses. */
const tokenOf = ({ playlist_url }: Stream) => new URL(playlist_url).pathname.split("/")[2]!;
const fileToken = async (item = id) => tokenOf(await ask(item));
const loginToken = () => http.tokens.signLogin({ userId: "alice", version: "1" });
/** What a job was asked for. */
const payloadOf = async (jobId: string) =>
  (await house.core.sql`select payload from jobs where id = ${jobId}`)[0]?.payload as unknown;
const text = async (url: string, init?: RequestInit) => (await fetch(url, init)).text();

describe("GET /api/stream/:id", () => {
  test("gives addresses that need nothing else, from the caller's own point of view", async () => {
    const stream = await ask();
    expect(stream.id).toBe(id);
    expect(stream.playlist_url).toStartWith(`${http.url}/hls/`);
    expect(stream.playlist_url).toEndWith(`/${id}/index.m3u8`);
    expect(stream.watch_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/watch\/[\w.-]+\/[0-9a-f]{16}$/);
    expect(await play(stream.playlist_url)).toBe("");
    expect(await probeStreams(stream.direct_url)).toHaveLength(2);
  });

  test("tells all that a player chooses from", async () => {
    const answer = await answerTo(id);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const token = tokenOf((await answer.clone().json()) as Stream);
    const files = `${http.url}/hls/${token}/${id}`;
    expect(await answer.json()).toEqual({
      id,
      playlist_url: `${files}/index.m3u8`,
      direct_url: `${http.url}/media/${token}/${id}/${encodeURIComponent("[Group] Some & <Other> Name - 01.mkv")}`,
      watch_url: `${http.url}/watch/${token}/${id}`,
      mode: "copy",
      duration: expect.closeTo(5.026, 2),
      video: {
        ...{ index: 0, type: "video", codec: "h264", language: null, title: null, default: false, forced: false },
        ...{ profile: expect.any(String), pixel_format: "yuv420p", width: 320, height: 180 },
        frame_rate: expect.closeTo(23.976, 2),
      },
      audio: [
        {
          ...{ index: 1, type: "audio", codec: "aac", language: null, title: null, default: false, forced: false },
          ...{ profile: "LC", channels: 1, sample_rate: 48_000 },
        },
      ],
      subtitles: [],
      fonts: [],
      chapters: [],
      thumbnails_url: `${files}/thumbnails.vtt`,
    });
  });

  test.each<[FixtureName, string, string]>([
    ["h264-aac.mkv", "copy", "copy"],
    ["h264-aac.mp4", "direct", "direct"],
    ["h264-aac.mov", "direct", "direct"],
    ["h264-ac3.mkv", "transcode_audio", "transcode_audio"],
    ["hi10p-flac.mkv", "transcode", "copy"],
    ["h264-444.mkv", "transcode", "transcode"],
    ["hevc-aac.mkv", "transcode", "copy"],
    ["av1-opus.mkv", "transcode", "copy"],
    ["vp9-vorbis.webm", "transcode", "transcode_audio"],
    ["packed.avi", "transcode", "transcode"],
    ["mpeg4-mp3.avi", "transcode", "transcode"],
    ["wmv2-wma.wmv", "transcode", "transcode"],
    ["odd-size.ogm", "transcode", "transcode"],
    ["silent.mkv", "copy", "copy"],
    ["late-picture.mkv", "copy", "copy"],
    ["long-gop.mkv", "copy", "copy"],
  ])("answers at once for %s: %s for any browser, %s for one that takes more", async (name, plain, more) => {
    const item = await house.add(await fixture(name));
    const codecs =
      "avc1.640028,avc1.6E0028,hvc1.2.4.L120.90,hvc1.1.6.L93.90,av01.0.08M.10,vp09.00.40.08,mp4a.40.2,fLaC,Opus";
    const answers = [await answerTo(item), await answerTo(item, { codecs })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const streams = (await Promise.all(answers.map((answer) => answer.json()))) as Stream[];
    expect(streams.map(({ mode }) => mode)).toEqual([plain, more]);
    for (const { playlist_url } of streams) {
      const master = await fetch(playlist_url);
      expect(master.status).toBe(200);
      expect(readMasterList(await master.text()).variant.CODECS).toBeTruthy();
    }
  });

  test.each(["mpv 0.35.1", "VLC/3.0.21 LibVLC/3.0.21", "Kodi/21.0 (X11; Linux x86_64)", "Infuse-Direct/8.0"])(
    "gives %s the file itself: it takes everything",
    async (agent) => {
      const item = await house.add(await fixture("hi10p-flac.mkv"));
      const stream = await ask(item, { headers: { "user-agent": agent } });
      expect(stream.mode).toBe("direct");
      // And in the playlist, by its own requests: nothing is made for it.
      const master = readMasterList(await text(stream.playlist_url, { headers: { "user-agent": agent } }));
      expect(master.variant.CODECS).toStartWith("avc1.6e");
      expect(readMasterList(await text(stream.playlist_url)).variant.CODECS).not.toStartWith("avc1.6e");
    },
  );

  test.each(["", ",", "%00", "avc1", "=,;", "x".repeat(2000), "avc1.,mp4a.,hvc1"])(
    "?codecs=%s is a player like any other",
    async (codecs) => {
      const item = await house.add(await fixture("hi10p-flac.mkv"));
      const stream = await ask(item, { codecs, headers: { "user-agent": "mpv" } });
      expect(stream.mode).toBe("transcode");
      expect((await fetch(stream.playlist_url)).status).toBe(200);
    },
  );

  test("422 for a list of codecs without an end", async () => {
    expect((await answerTo(id, { codecs: "x".repeat(3000) })).status).toBe(422);
  });

  test("keeps the scheme that a proxy in front tells", async () => {
    const { playlist_url } = await ask(id, { headers: { "x-forwarded-proto": "https", host: "anime.example" } });
    expect(playlist_url).toStartWith("https://anime.example/hls/");
    const odd = await ask(id, { headers: { "x-forwarded-proto": "javascript" } });
    expect(odd.playlist_url).toStartWith("http://");
  });

  test.each<FixtureName>(["h264-aac.ts", "h264-aac.flv"])(
    "%s has to be copied first: 202, and one job for all who ask",
    async (name) => {
      const other = await house.add(await fixture(name));
      const answers = await Promise.all([1, 2].map(() => answerTo(other)));
      const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { job_id: string }[];
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      expect(bodies[0]).toEqual({ status: "queued", job_id: bodies[1]!.job_id } as never);
      expect(await house.core.jobs.get(bodies[0]!.job_id)).toMatchObject({ job_type: "remux", status: "queued" });
      const early = await fetch(
        `${http.url}/hls/${await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, other)}/${other}/index.m3u8`,
      );
      expect(early.status).toBe(503);
      expect(early.headers.get("retry-after")).toBe("5");
      await house.remux(other);
      const ready = await answerTo(other);
      expect(ready.status).toBe(200);
      expect(await play(((await ready.json()) as Stream).playlist_url)).toBe("");
    },
  );

  test("a copy that this player could not play is not waited for", async () => {
    const item = await house.add(await fixture("h264-ac3.m2ts"));
    expect((await answerTo(item)).status).toBe(202);
    const hevc = join(newFolder(), "hevc.ts");
    const made = Bun.spawn([...["ffmpeg", "-v", "error", "-i", await fixture("hevc-aac.mkv"), "-c", "copy", hevc]]);
    expect(await made.exited).toBe(0);
    const other = await house.add(hevc);
    expect((await ask(other)).mode).toBe("transcode");
    expect((await answerTo(other, { codecs: "hvc1.1.6.L93.90" })).status).toBe(202);
  });

  test.each<[string, string, () => Promise<string>]>([
    ["noise", "this file cannot be read as a video", () => written(crypto.getRandomValues(new Uint8Array(50_000)))],
    ["a text", "this file is too short to be a video", () => written("text")],
    ["nothing", "this file is too short to be a video", () => written("")],
    ["sound alone", "there is no video in this file", () => fixture("audio-only.mp4")],
  ])("422 with one line for %s", async (_kind, message, path) => {
    const item = await house.add(await path());
    const token = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, item);
    const playlist = await fetch(`${http.url}/hls/${token}/${item}/index.m3u8`);
    for (const answer of [await answerTo(item), playlist]) {
      expect(answer.status).toBe(422);
      expect(await answer.json()).toEqual({ error: message });
    }
  });

  test.each(["00000000000000ff", "x", "-1", "1e3", "%00", "..%2f..%2fetc"])("S4: 404 for the id %s", async (odd) => {
    expect((await answerTo(odd)).status).toBe(404);
  });

  test("401 without a login, also with a token for files", async () => {
    expect((await http.fetch(`/api/stream/${id}`)).status).toBe(401);
    const authorization = `Bearer ${await fileToken()}`;
    expect((await http.fetch(`/api/stream/${id}`, { headers: { authorization } })).status).toBe(401);
    expect((await http.fetch(`/api/stream/${id}?token=${await fileToken()}`)).status).toBe(401);
  });
});

async function written(bytes: Uint8Array | string): Promise<string> {
  const path = join(newFolder(), "x.mkv");
  await writeFile(path, bytes);
  return path;
}

describe("POST /api/jobs/hls/:id", () => {
  test("202 with a job, 404 for an unknown id, 401 for a stranger", async () => {
    const answer = await http.fetch(`/api/jobs/hls/${id}`, { as: "alice", method: "POST" });
    expect(answer.status).toBe(202);
    expect(((await answer.json()) as { job_id: string }).job_id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await http.fetch("/api/jobs/hls/00000000000000ff", { as: "alice", method: "POST" })).status).toBe(404);
    expect((await http.fetch(`/api/jobs/hls/${id}`, { method: "POST" })).status).toBe(401);
  });

  test("makes it for the player that asks", async () => {
    const order = async (query: string, agent = BROWSER) => {
      const headers = { "user-agent": agent };
      const answer = await http.fetch(`/api/jobs/hls/${id}${query}`, { as: "alice", method: "POST", headers });
      const { job_id } = (await answer.json()) as { job_id: string };
      return { job_id, payload: await payloadOf(job_id) };
    };
    const plain = await order("");
    expect(plain.payload).toEqual({ media_id: id, codecs: "h264,aac" });
    expect((await order("?codecs=mp4a.40.2,avc1.640028")).job_id).toBe(plain.job_id);
    expect((await order("", "mpv")).payload).toEqual({ media_id: id, codecs: "all" });
  });
});

describe("the playlists", () => {
  test("name what there is: every address answers, and with what it is called", async () => {
    const types: Record<string, string> = {
      m3u8: "application/vnd.apple.mpegurl",
      mp4: "video/mp4",
      m4s: "video/iso.segment",
      vtt: "text/vtt; charset=utf-8",
    };
    const item = await house.add(await release());
    const { playlist_url } = await ask(item, { codecs: "all" });
    const addresses = await addressesOf(playlist_url);
    // Lists, then what is in them: 2 initialisation sections, 2 × 3 segments, the subtitles.
    expect(addresses).toHaveLength(3 + 2 + 6 + 1);
    for (const address of addresses) {
      const answer = await fetch(address);
      expect(answer.status).toBe(200);
      const type = types[new URL(address).pathname.split(".").at(-1)!];
      expect(answer.headers.get("content-type")).toBe(type!);
      expect(answer.headers.get("cache-control")).toBe(
        type === types.m3u8 ? "private, no-store" : "private, max-age=3600",
      );
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect((await answer.bytes()).length).toBeGreaterThan(0);
    }
  });

  test("agree: as many segments of sound as of the picture, as long, and none longer than is said", async () => {
    const { playlist_url } = await ask(await house.add(await fixture("h264-ac3.mkv")));
    const here = (name: string) => new URL(name, playlist_url).href;
    const master = readMasterList(await text(playlist_url));
    expect(master.variant).toMatchObject({ RESOLUTION: "320x180", "FRAME-RATE": "23.976", AUDIO: "audio" });
    expect(master.variant.CODECS).toMatch(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
    expect(Number(master.variant.BANDWIDTH)).toBeGreaterThanOrEqual(Number(master.variant["AVERAGE-BANDWIDTH"]));
    expect(master.audio).toMatchObject([{ NAME: "Audio 1", DEFAULT: "YES", AUTOSELECT: "YES", CHANNELS: "2" }]);
    const video = readMediaList(await text(here(master.video)));
    const audio = readMediaList(await text(here(master.audio[0]!.URI!)));
    expect(audio.segments.map(({ secs }) => secs)).toEqual(video.segments.map(({ secs }) => secs));
    expect([audio.target, audio.sequence, audio.ended]).toEqual([video.target, 0, true]);
    expect(video.target).toBe(Math.ceil(Math.max(...video.segments.map(({ secs }) => secs))));
  });

  test("keep the last N segments with playlist_len = N, under the numbers that they have in the whole", async () => {
    const short = await serving(house.with({ playlist_len: 2 }));
    const playlist = await short.playlist(id);
    const list = readMediaList(await text(new URL("video.m3u8", playlist).href));
    expect(list).toMatchObject({ sequence: 1, ended: true });
    expect(list.segments.map(({ name }) => name.split("?")[0]!)).toEqual(["video_1.m4s", "video_2.m4s"]);
    expect(await play(playlist)).toBe("");
    await short.stop();
  });

  test("name nothing that the film does not have", async () => {
    const { playlist_url } = await ask();
    for (const name of [
      ...["video_99.m4s", "audio_0.m3u8", "audio_2_0.m4s", "init_audio_9.mp4", "subtitles_1.vtt", "subtitles_9.ass"],
      ...["subtitles_9.m3u8", "thumbnails_0.jpg", "fonts/0.ttf"],
    ]) {
      expect([name, (await fetch(new URL(name, playlist_url))).status]).toEqual([name, 404]);
    }
  });

  test("play with a login token in the place of the file token", async () => {
    expect(await play(`${http.url}/hls/${await loginToken()}/${id}/index.m3u8`)).toBe("");
  });

  test("play under /hls/ID with ?token=, which every address in a list carries on", async () => {
    const url = `${http.url}/hls/${id}/index.m3u8?token=${await fileToken()}`;
    for (const address of await addressesOf(url)) expect((await fetch(address)).status).toBe(200);
    expect(await play(url)).toBe("");
  });

  test("play under /hls/ID with a Bearer token, which stays out of the lists", async () => {
    const headers = { authorization: `Bearer ${await loginToken()}` };
    for (const address of await addressesOf(`${http.url}/hls/${id}/index.m3u8`, { headers })) {
      expect(address).not.toContain("token");
      expect((await fetch(address, { headers })).status).toBe(200);
      expect((await fetch(address)).status).toBe(401);
    }
  });

  test("answer HEAD as GET, without a body", async () => {
    for (const address of [
      (await ask()).playlist_url,
      ...(await addressesOf((await ask()).playlist_url)).slice(0, 4),
    ]) {
      const whole = await fetch(address);
      const head = await fetch(address, { method: "HEAD" });
      expect(head.status).toBe(200);
      expect(head.headers.get("content-type")).toBe(whole.headers.get("content-type"));
      expect(head.headers.get("content-length")).toBe(String((await whole.bytes()).length));
      expect(await head.text()).toBe("");
    }
  });
});

describe("who may", () => {
  const NAMES = [
    "index.m3u8",
    "video.m3u8",
    "init_video.mp4",
    "video_0.m4s",
    "audio_1_0.m4s",
    "stream.json",
    "thumbnails.vtt",
  ];

  test("S26: every file is refused without a token, with another item's, and with a forged one", async () => {
    const other = await house.add(await fixture("silent.mkv"));
    const foreign = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, other);
    for (const name of [...NAMES, "fonts/0-x.ttf"]) {
      for (const token of [foreign, "x", `${await fileToken()}x`]) {
        expect((await fetch(`${http.url}/hls/${token}/${id}/${name}`)).status).toBe(401);
        expect((await fetch(`${http.url}/hls/${id}/${name}?token=${token}`)).status).toBe(401);
        expect((await fetch(`${http.url}/media/${token}/${id}/x.mkv`)).status).toBe(401);
        expect((await fetch(`${http.url}/media/${id}/x.mkv?token=${token}`)).status).toBe(401);
      }
      expect((await fetch(`${http.url}/hls/${id}/${name}`)).status).toBe(401);
      expect((await fetch(`${http.url}/media/${id}/x.mkv`)).status).toBe(401);
    }
  });

  test("S24: addresses die with the user's password", async () => {
    http.people.set("bob", { role: "user", tokenVersion: "1" });
    const { playlist_url, direct_url } = await ask(id, { as: "bob" });
    const mine = [playlist_url, direct_url, ...(await addressesOf(playlist_url))];
    for (const address of mine) expect((await fetch(address)).status).toBe(200);
    http.people.set("bob", { role: "user", tokenVersion: "2" });
    http.events.publish(USERS_TOPIC, { userId: "bob", tokenVersion: "2" });
    for (const address of mine) expect((await fetch(address)).status).toBe(401);
  });
});

describe("a file that changes", () => {
  test("R6: an address of before is gone, and never mixed with the new file; the list loaded again is the new one's", async () => {
    const replaced = join(newFolder(), "x.mkv");
    await copyFile(await fixture("h264-aac.mkv"), replaced);
    const mine = await house.add(replaced);
    const { playlist_url } = await ask(mine, { codecs: "all" });
    const before = await addressesOf(playlist_url);
    for (const address of before) expect((await fetch(address)).status).toBe(200);
    await copyFile(await fixture("hi10p-flac.mkv"), replaced);
    for (const address of before) {
      const answer = await fetch(address);
      expect(answer.status).toBe(410);
      expect(await answer.json()).toEqual({ error: "the file or the settings changed: open the playlist again" });
    }
    const after = await addressesOf(playlist_url);
    expect(after.filter((address) => before.includes(address))).toEqual([]);
    for (const address of after) expect((await fetch(address)).status).toBe(200);
    expect(await play(playlist_url)).toBe("");
  });

  test.each(["..", "%2e%2e", "..%2f..", "0000000000000000", "x", ""])("410 for v=%s", async (v) => {
    const token = await fileToken();
    expect((await fetch(`${http.url}/hls/${token}/${id}/video_0.m4s?v=${v}`)).status).toBe(410);
    expect((await fetch(`${http.url}/hls/${token}/${id}/index.m3u8?v=${v}`)).status).toBe(200);
  });

  test("410 for all of a file that left the disk, 404 when the library forgot it", async () => {
    const lost = join(newFolder(), "x.mkv");
    await copyFile(await fixture("silent.mkv"), lost);
    const mine = await house.add(lost);
    const { playlist_url } = await ask(mine);
    await house.remove(mine);
    expect((await answerTo(mine)).status).toBe(404);
    expect((await fetch(playlist_url)).status).toBe(404);
  });
});

describe("with on_demand = false", () => {
  let strict: Serving;
  let item: string;
  beforeAll(async () => {
    strict = await serving(house.with({ on_demand: false }));
    item = await house.add(await release());
  });
  afterAll(() => strict.stop());

  const stream = () => strict.fetch(`/api/stream/${item}?codecs=all`, { as: "alice" });

  test("202 with a job for the rendition, and 503 on its playlist, until it is on disk; then the disk's files", async () => {
    const answers = await Promise.all([stream(), stream()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { job_id: string }[];
    expect(bodies[0]!.job_id).toBe(bodies[1]!.job_id);
    expect(await house.core.jobs.get(bodies[0]!.job_id)).toMatchObject({ job_type: "hls" });
    expect(await payloadOf(bodies[0]!.job_id)).toEqual({ media_id: item, codecs: "all" });
    const playlist = await strict.playlist(item);
    const waiting = await fetch(playlist);
    expect(waiting.status).toBe(503);
    expect(waiting.headers.get("retry-after")).toBe("5");

    const hls = house.with({ on_demand: false });
    const { folder } = await house.make(item, {}, hls);
    const ready = (await (await stream()).json()) as Stream;
    // What is on disk is what is served: another byte there is another byte here.
    const segment = join(folder, "video_0.m4s");
    const changed = Buffer.concat([await Bun.file(segment).bytes(), Buffer.from("on disk")]);
    await writeFile(segment, changed);
    const addresses = await addressesOf(ready.playlist_url);
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);
    const served = addresses.find((address) => address.includes("/video_0.m4s"))!;
    expect(Buffer.from(await (await fetch(served)).bytes()).equals(changed)).toBeTrue();
  });

  test("what else belongs to the film is there for the same player", async () => {
    await house.make(item, {}, house.with({ on_demand: false }));
    const { subtitles, fonts } = (await (await stream()).json()) as Stream;
    for (const url of [subtitles[0]!.url!, subtitles[0]!.vtt_url!, fonts[0]!.url]) {
      expect((await fetch(url)).status).toBe(200);
    }
  });

  test("R24: a rendition that was swept away is made again by who asks for it", async () => {
    const hls = house.with({ on_demand: false });
    const mine = await house.add(await fixture("h264-aac.mp4"));
    const { folder } = await house.make(mine, {}, hls);
    const playlist = await strict.playlist(mine);
    expect((await fetch(playlist)).status).toBe(200);
    await rm(folder, { recursive: true });
    expect((await fetch(playlist)).status).toBe(503);
    const [job] = await house.core.jobs.list({ jobType: "hls", limit: 1 });
    expect(job).toMatchObject({ status: "queued" });
    expect(await payloadOf(job!.id)).toMatchObject({ media_id: mine });
  });
});

describe("what belongs to a film", () => {
  let stream: Stream;
  let item: string;
  beforeAll(async () => {
    item = await house.add(await release());
    stream = await ask(item);
  });

  test("subtitles as they are, and as browsers know them", async () => {
    const [track] = stream.subtitles;
    expect(stream.subtitles).toHaveLength(1);
    expect(track).toMatchObject({ index: 0, type: "subtitle", codec: "ass" });
    const styled = await fetch(track!.url!);
    expect(styled.headers.get("content-type")).toBe("text/x-ssa; charset=utf-8");
    expect(await styled.text()).toContain("Dialogue: 0,0:00:01.00,0:00:04.00,");
    const plain = await fetch(track!.vtt_url!);
    expect(plain.headers.get("content-type")).toBe("text/vtt; charset=utf-8");
    expect(await plain.text()).toContain("00:01.000 --> 00:00:04.000\n<i>Hello</i>");
    expect((await fetch(track!.url!.replace(".ass", ".sup"))).status).toBe(404);
  });

  test("fonts, under names of ours; what only calls itself one is not served", async () => {
    expect(stream.fonts).toHaveLength(2);
    const [font, fake] = stream.fonts;
    // HARDENING S12, S13.
    expect(font!.name).toMatch(/^\d+-[a-z_]*escaped\.ttf$/);
    const answer = await fetch(font!.url);
    expect(answer.headers.get("content-type")).toBe("font/ttf");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe(FONT);
    expect((await fetch(fake!.url)).status).toBe(404);
    const inner = `${http.url}/hls/${item}/fonts/${font!.name}`;
    expect((await fetch(inner)).status).toBe(401);
    expect(await text(`${inner}?token=${tokenOf(stream)}`)).toBe(FONT);
    expect(await text(inner, { headers: { authorization: `Bearer ${await loginToken()}` } })).toBe(FONT);
  });

  test("chapters, in seconds", () => {
    expect(stream.chapters).toEqual([{ start: 0, end: 2, title: "Opening" }]);
  });

  test("pictures of the seek bar: asked for once a film is opened, 404 until they are made", async () => {
    expect((await fetch(stream.thumbnails_url)).status).toBe(404);
    const [job] = await house.core.jobs.list({ jobType: "thumbnails", limit: 1 });
    expect(job).toMatchObject({ status: "queued" });
    expect(await payloadOf(job!.id)).toEqual({ media_id: item });
    await thumbnailsJob(house.hls).run({
      ...{ id: Bun.randomUUIDv7(), payload: { media_id: item }, attempt: 1, signal: new AbortController().signal },
      ...{ progress: () => {}, fence: async () => {} },
    });
    const list = await fetch(stream.thumbnails_url);
    expect(list.headers.get("content-type")).toBe("text/vtt; charset=utf-8");
    expect(await list.text()).toContain("\nthumbnails_0.jpg#xywh=0,0,");
    const picture = await fetch(new URL("thumbnails_0.jpg", stream.thumbnails_url));
    expect(picture.headers.get("content-type")).toBe("image/jpeg");
    expect(
      Buffer.from(await picture.bytes())
        .subarray(0, 3)
        .toString("hex"),
    ).toBe("ffd8ff");

    const inner = `${http.url}/hls/${item}/thumbnails.vtt?token=${tokenOf(stream)}`;
    const [name] = /thumbnails_0\.jpg[^#\n]*/.exec(await text(inner)) ?? [];
    expect((await fetch(new URL(name!, inner))).status).toBe(200);
  });
});

describe("stream.json, for a page that has only its own address", () => {
  test("is what /api/stream says, with the addresses of the token that it came with", async () => {
    const plain = await ask();
    const token = tokenOf(plain);
    const answer = await fetch(`${http.url}/hls/${token}/${id}/stream.json`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const swap = (stream: Stream) => JSON.parse(JSON.stringify(stream).replaceAll(tokenOf(stream), "TOKEN"));
    expect(await answer.json()).toEqual(plain);
    for (const [url, headers] of [
      [`${http.url}/hls/${id}/stream.json?token=${token}`, {}],
      [`${http.url}/hls/${id}/stream.json`, { authorization: `Bearer ${await loginToken()}` }],
    ] as const) {
      const stream = (await (await fetch(url, { headers })).json()) as Stream;
      expect(swap(stream)).toEqual(swap(plain));
      expect((await fetch(stream.playlist_url)).status).toBe(200);
      // A token for this item alone, whoever it was made from.
      expect((await http.fetch(`/api/stream/${id}?token=${tokenOf(stream)}`)).status).toBe(401);
    }
  });

  test("takes the player's codecs, and hands them on", async () => {
    const item = await house.add(await fixture("hi10p-flac.mkv"));
    const url = (codecs: string) => async () =>
      (await (
        await fetch(`${http.url}/hls/${await fileToken(item)}/${item}/stream.json?codecs=${codecs}`)
      ).json()) as Stream;
    expect((await url("avc1.640028,mp4a.40.2")()).mode).toBe("transcode");
    const copied = await url("avc1.6E0028,fLaC")();
    expect(copied.mode).toBe("copy");
    expect(readMasterList(await text(copied.playlist_url)).variant.CODECS).toMatch(/^avc1\.6e\w+,fLaC$/);
  });

  test("202 with a job while the film has to be copied", async () => {
    const item = await house.add(await fixture("h264-aac.ts"));
    const token = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, item);
    const answer = await fetch(`${http.url}/hls/${token}/${item}/stream.json`);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ status: "queued", job_id: expect.any(String) });
  });
});

describe("GET /media", () => {
  test("is the file, whole or in part, with any kind of token", async () => {
    const { direct_url } = await ask();
    const whole = await Bun.file(file).bytes();
    const inner = `${http.url}/media/${id}/x.mkv`;
    for (const [url, headers] of [
      [direct_url, {}],
      [`${inner}?token=${await fileToken()}`, {}],
      [inner, { authorization: `Bearer ${await loginToken()}` }],
    ] as const) {
      const answer = await fetch(url, { headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("video/x-matroska");
      expect(answer.headers.get("accept-ranges")).toBe("bytes");
      expect(Buffer.from(await answer.bytes()).equals(whole)).toBeTrue();
      const part = await fetch(url, { headers: { ...headers, range: "bytes=10-19" } });
      expect(part.status).toBe(206);
      expect(part.headers.get("content-range")).toBe(`bytes 10-19/${whole.length}`);
      expect(Buffer.from(await part.bytes()).equals(whole.subarray(10, 20))).toBeTrue();
    }
    expect((await fetch(direct_url, { headers: { range: `bytes=${whole.length}-` } })).status).toBe(416);
  });

  test("404 for an unknown or an odd id", async () => {
    for (const odd of ["00000000000000ff", "x", "..%2f..%2fetc", "%00"]) {
      const token = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, odd);
      expect((await fetch(`${http.url}/media/${token}/${odd}/passwd`)).status).toBe(404);
    }
  });
});

describe("S1: nothing but what a playlist names is ever opened", () => {
  const names = [
    ...["../../../etc/passwd", "%2e%2e/%2e%2e/x", "..%2f..%2fetc%2fpasswd", "%252e%252e%252f", "..%5c..%5cx"],
    ...["%00.ts", "video_0.m4s%00", "//etc/passwd", "%c0%ae%c0%ae", "%ff.ts", "index.m3u8/../x", ".", ""],
    ...["a".repeat(60_000), `${PROC}/etc/passwd`, "fonts/..%2f..%2fetc%2fpasswd", "fonts/", "fonts/%00", "x/0.ttf"],
    ...["owner.json", "source.mkv", "INDEX.M3U8", "index.m3u8%20", "index.m3u8;x", "video_9999999.m4s", "video_00.m4s"],
    ...["audio_1_-1.m4s", "audio_01_0.m4s", "subtitles_0.srt", "thumbnails_x.jpg", "stream.json%00"],
  ];

  /** As it stands, without what `fetch` does to a path. @returns the status */
  const raw = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const socket = connect(Number(new URL(http.url).port), "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.on("close", () => resolve(Number(answer.split(" ")[1])));
      socket.on("error", reject);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n`);
    });

  test.each(names)("%j", async (name) => {
    const token = await fileToken();
    for (const path of [`/hls/${token}/${id}/${name}`, `/hls/${id}/${name}?token=${token}`]) {
      expect([400, 404, 414, 431]).toContain(await raw(path));
    }
  });

  test("the same names with a good one work", async () => {
    const token = await fileToken();
    for (const name of ["video_0.m4s", "stream.json"]) {
      expect(await raw(`/hls/${token}/${id}/${name}`)).toBe(200);
      expect(await raw(`/hls/${id}/${name}?token=${token}`)).toBe(200);
    }
  });
});

describe("the rate limit", () => {
  test.each([
    ["/hls/t/0123456789abcdef/video_12.m4s", true],
    ["/hls/0123456789abcdef/audio_1_12.m4s", true],
    ["/hls/t/0123456789abcdef/init_video.mp4", true],
    ["/hls/t/0123456789abcdef/thumbnails_0.jpg", true],
    ["/hls/t/0123456789abcdef/fonts/0-x.ttf", true],
    ["/media/t/0123456789abcdef/x.mkv", true],
    ["/hls/t/0123456789abcdef/index.m3u8", false],
    ["/hls/t/0123456789abcdef/stream.json", false],
    ["/hls/t/0123456789abcdef/subtitles_2.ass", false],
    ["/api/stream/video_1.m4s", false],
    ["/hls/video_1.m4s", false],
    ["/hls/t/i/video_1.m4s/x", false],
  ])("%s is free of it: %p", (path, free) => {
    expect(feature.unlimited!(path)).toBe(free);
  });
});

test("health tells whether ffmpeg is there", async () => {
  expect(await feature.health!()).toMatchObject({ ok: true });
  const { health } = plugin.setup(
    { ...house.core, http: { auth: http.auth.guards } },
    { ...DEFAULTS, ffmpeg_path: "/nowhere/ffmpeg" },
  ) as Feature;
  expect(await health!()).toEqual({ ok: false, detail: expect.stringContaining("hls.ffmpeg_path") });
});

test("the server tidies the cache when it starts", async () => {
  const mine = await house.add(await fixture("h264-aac.mp4"));
  const { folder } = await house.make(mine);
  await utimes(folder, 0, 0);
  await house.remove(mine);
  const { start, stop } = plugin.setup({ ...house.core, http: { auth: http.auth.guards } }, DEFAULTS) as Feature;
  await start!();
  await stop!();
  expect(await Bun.file(join(folder, "index.m3u8")).exists()).toBeFalse();
});
