import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { analyse, readOurselves } from "../../../plugins/hls/analyse.ts";
import { probeFile, Unreadable } from "../../../plugins/hls/ffprobe.ts";
import type { MediaIndex } from "../../../plugins/hls/media-index.ts";
import { findTools } from "../../../plugins/hls/tools.ts";
import type { MediaTrack } from "../../../plugins/hls/track.ts";
import { type FixtureName, fixture, newFolder, release } from "./fixtures.ts";
import { golden } from "./fixtures-golden.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

const tools = findTools("ffmpeg");
const noTools = () => {
  throw new Error("ffprobe is not needed for this");
};

const OURS: FixtureName[] = [
  ...(["h264-aac.mkv", "hi10p-flac.mkv", "hevc-aac.mkv", "av1-opus.mkv", "h264-ac3.mkv", "late.mkv"] as const),
  ...(["vp9-vorbis.webm", "silent.mkv", "late-sound.mkv", "h264-aac.mp4", "h264-aac.mov", "h264-444.mkv"] as const),
];

describe("with our own readers, without ffprobe", () => {
  /** What both readers must agree on. */
  const comparable = ({ format, tracks }: MediaIndex) => ({
    format,
    tracks: tracks.map((track: MediaTrack) => {
      const { index, type, codec, language, title, forced } = track;
      const details = track.type === "video" ? [track.width, track.height, track.interlaced] : [];
      return { index, type, codec, language, title, forced, default: track.default, details };
    }),
  });

  test.each(OURS)("%s is read as ffprobe reads it", async (name) => {
    const file = await fixture(name);
    const [ours, theirs] = await Promise.all([analyse(file, noTools), probeFile(tools, file)]);
    expect(comparable(ours)).toEqual(comparable(theirs));
    expect(ours.start).toBeCloseTo(theirs.start, 1);
    expect(ours.duration).toBeCloseTo(theirs.duration ?? 0, 1);
    expect(ours.cut?.container.obstacle).toBeNull();
  });

  test("a release has its styled subtitles, font and chapters", async () => {
    const index = await analyse(await release(), noTools);
    expect(index.tracks.map(({ codec }) => codec)).toEqual(["ass", "h264", "aac"]);
    expect(index.chapters).toEqual([{ start: 0, end: 2e9, title: "Opening" }]);
    expect(index.cut?.container.attachments.map(({ mediaType }) => mediaType)).toContain("font/ttf");
  });

  test("what is in a file counts, not what it is called", async () => {
    const file = join(newFolder(), "film.avi");
    await copyFile(await fixture("h264-aac.mkv"), file);
    expect((await analyse(file, noTools)).format).toBe("matroska,webm");
  });

  test.each([
    ["h264-aac.mkv", true],
    ["h264-open-gop-flac24.mkv", false],
    ["hevc-open-gop-aac.mkv", true],
  ] as const)("a player can begin at every keyframe of %s: %p", async (name, randomAccess) => {
    expect((await analyse(await golden(name), noTools)).cut?.randomAccess).toBe(randomAccess);
  });
});

describe("with ffprobe", () => {
  test.each(["h264-aac.ts", "mpeg4-mp3.avi", "wmv2-wma.wmv", "odd-size.ogm", "h264-aac.flv"] as const)(
    "%s, of a kind that our readers do not know",
    async (name) => {
      const file = await fixture(name);
      expect(await readOurselves(file)).toBeNull();
      const index = await analyse(file, () => tools);
      expect(index).toMatchObject({ cut: null, tracks: [{ type: "video" }, { type: "audio" }] });
    },
  );

  test("a file without a picture", async () => {
    const index = await analyse(await fixture("audio-only.mp4"), () => tools);
    expect(index).toMatchObject({ cut: null, tracks: [{ type: "audio" }] });
  });

  test("is missed with an error of its own", async () => {
    const file = await fixture("h264-aac.ts");
    await expect(analyse(file, noTools)).rejects.toThrow("ffprobe is not needed for this");
  });
});

describe("what is no video", () => {
  const file = async (bytes: string | Uint8Array) => {
    const path = join(newFolder(), "evil.mkv");
    await writeFile(path, bytes);
    return path;
  };
  const noise = (head: number[], size = 50_000) => {
    const bytes = crypto.getRandomValues(new Uint8Array(size));
    bytes.set(head);
    return bytes;
  };
  const EBML = [0x1a, 0x45, 0xdf, 0xa3];
  const FTYP = [0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70];

  test.each<[string, string | Uint8Array]>([
    ["an empty file", ""],
    ["eleven bytes", new Uint8Array([...EBML, 0, 0, 0, 0, 0, 0, 0])],
    ["text", "just some text, longer than a head"],
    ["zeros", new Uint8Array(100_000)],
    ["noise", noise([])],
    ["noise that begins like Matroska", noise(EBML)],
    ["noise that begins like MP4", noise(FTYP)],
  ])("%s", async (_what, bytes) => {
    await expect(analyse(await file(bytes), () => tools)).rejects.toBeInstanceOf(Unreadable);
  });

  test("S6: a named pipe is refused before anybody would wait on it", async () => {
    const pipe = join(newFolder(), "pipe.mkv");
    await Bun.spawn(["mkfifo", pipe]).exited;
    await expect(analyse(pipe, noTools)).rejects.toThrow("not a regular file");
  });

  test("a folder", async () => {
    await expect(analyse(newFolder(), noTools)).rejects.toThrow("not a regular file");
  });
});

test("a file that is not there is no damaged file", async () => {
  const error: unknown = await analyse(join(newFolder(), "gone.mkv"), noTools).catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(Unreadable);
  expect(error).toMatchObject({ code: "ENOENT" });
});

test.each([0.25, 0.5, 0.9])("of a Matroska file cut off at %d, the part that is there is read", async (share) => {
  const file = join(newFolder(), "cut.mkv");
  await copyFile(await golden("h264-aac.mkv"), file);
  await truncate(file, Math.floor(Bun.file(file).size * share));
  const index = await analyse(file, () => tools);
  expect(index.tracks).toHaveLength(2);
  for (const offset of index.cut?.container.keyframes.offsets ?? []) expect(offset).toBeLessThan(Bun.file(file).size);
});
