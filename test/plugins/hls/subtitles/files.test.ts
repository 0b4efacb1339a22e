/** Subtitles of real files, laid beside what mkvextract and ffmpeg make of them. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { ffmpeg, fixture, newFolder } from "../fixtures.ts";
import { extracted, file, merged, written } from "./files.ts";
import { HEAD } from "./frames.ts";
import { pgs } from "./pgs.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const LINES = 500;
const clock = (centis: number) => {
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, "0");
  return `0:${two(centis / 6000)}:${two((centis / 100) % 60)}.${two(centis % 100)}`;
};
/** In no order of time, as scripts are; some lines at one time. */
const dialogue = Array.from({ length: LINES }, (_, i) => {
  const start = (i * 37) % 1100;
  const words = [`line ${i}`, "{\\an8\\blur0.6}標識, 看板", "{\\p1}m 0 0 l 5 5{\\p0}", "\\h\\N{\\k20}ka{\\k30}ra"][
    i % 4
  ];
  return `Dialogue: ${i % 5},${clock(start)},${clock(start + 1 + (i % 90))},${i % 2 ? "Sign" : "Default"},Ann,0,0,10,,${words}`;
});
const SCRIPT = `${HEAD}${dialogue.join("\n")}\n`;

/** Without the byte order mark and the kind of line breaks, which are mkvextract's own. */
const linesOf = (made: Buffer): string[] =>
  made
    .toString()
    .replace(/^\ufeff/, "")
    .trimEnd()
    .split(/\r?\n/);

describe("an ASS track of 500 lines", () => {
  test.each(["mkvmerge", "ffmpeg"])(
    "is, line by line, what mkvextract makes of it, and what it was: by %s",
    async (by) => {
      const script = await file("script.ass", SCRIPT);
      const path = by === "mkvmerge" ? await merged(await fixture("silent.mkv"), script) : join(newFolder(), "a.mkv");
      if (by === "ffmpeg") {
        await ffmpeg("-i", await fixture("silent.mkv"), "-i", script, "-map", "0", "-map", "1", "-c", "copy", path);
      }
      const ours = linesOf(await written(path, "ass"));
      expect(ours).toEqual(linesOf(await extracted(path, 1)));
      expect(ours.filter((line) => line.startsWith("Dialogue"))).toEqual(dialogue);
      expect(ours.slice(0, 5)).toEqual(SCRIPT.split("\n").slice(0, 5));
    },
  );

  test("is WebVTT that ffmpeg reads, with the words of all lines that have any", async () => {
    const path = await merged(await fixture("silent.mkv"), await file("script.ass", SCRIPT));
    const vtt = await file("subtitles.vtt", await written(path, "vtt"));
    const back = join(newFolder(), "back.srt");
    await ffmpeg("-i", vtt, back);
    const text = await Bun.file(back).text();
    for (let i = 0; i < LINES; i += 4) expect(text).toContain(`line ${i}\n`);
    expect(text).toContain("標識, 看板");
    expect(text).not.toContain("m 0 0");
  });
});

test("an SSA track is what mkvextract makes of it", async () => {
  const script = await file(
    "script.ssa",
    `[Script Info]
ScriptType: v4.00

[V4 Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, AlphaLevel, Encoding
Style: Default,Arial,20,16777215,65535,65535,-2147483640,-1,0,1,3,0,2,30,30,30,0,0

[Events]
Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: Marked=0,0:00:03.00,0:00:04.00,Default,Ann,0000,0000,0000,,later
Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,,0000,0000,0000,,first, with a comma
`,
  );
  const path = await merged(script);
  expect(linesOf(await written(path, "ass"))).toEqual(linesOf(await extracted(path, 0)));
});

test("SRT becomes WebVTT at its times, whoever made the file", async () => {
  const srt = await file(
    "a.srt",
    "1\n00:00:01,021 --> 00:00:02,500\n<i>Hello</i> & welcome\n\n2\n00:01:00,000 --> 00:01:01,000\nb\n",
  );
  const expected = "\n00:00:01.021 --> 00:00:02.500\n<i>Hello</i> &amp; welcome\n\n00:01:00.000 --> 00:01:01.000\nb\n";
  const byFfmpeg = join(newFolder(), "a.mkv");
  await ffmpeg("-i", srt, "-c", "copy", byFfmpeg);
  for (const path of [byFfmpeg, await merged(srt)])
    expect(`${await written(path, "vtt")}`).toEndWith(`00.000\n${expected}`);
});

test("WebVTT keeps its markup, whoever made the file", async () => {
  const vtt = await file("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ann>Hello <i>you</i>\n");
  const byFfmpeg = join(newFolder(), "a.webm");
  await ffmpeg("-i", vtt, "-c", "copy", byFfmpeg);
  for (const path of [byFfmpeg, await merged(vtt)]) {
    expect(`${await written(path, "vtt")}`).toEndWith("\n\n00:00:01.000 --> 00:00:02.500\n<v Ann>Hello <i>you</i>\n");
  }
});

test("PGS is, byte by byte, what mkvextract makes of it", async () => {
  const sup = await file("a.sup", pgs());
  const path = await merged(sup);
  const ours = await written(path, "sup");
  expect(ours.equals(await extracted(path, 0))).toBeTrue();
  expect(ours.equals(pgs())).toBeTrue();
});
