import { describe, expect, test } from "bun:test";
import { assScript } from "../../../../plugins/hls/subtitles/ass-script.ts";
import { webVtt } from "../../../../plugins/hls/subtitles/web-vtt.ts";
import { bytes, HEAD, line, text, track } from "./frames.ts";

type Lines = ReturnType<typeof line>[];

/** What follows the head: cues, with an empty line in front of each. */
const cues = async (source: ReturnType<typeof track>, ...frames: Lines): Promise<string> => {
  const made = text(await webVtt(source, frames));
  expect(made).toStartWith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");
  return made.split("\n").slice(2).join("\n");
};
const srt = (...frames: Lines) => cues(track("subrip"), ...frames);
const ass = (...frames: Lines) => cues(track("ass", HEAD), ...frames);
/** The text of a line of ASS, with its settings if it has any. */
const shown = async (words: string, style = "Default"): Promise<string> =>
  (await ass(line(1, 2, `0,0,${style},,0,0,0,,${words}`))).replace("\n00:00:01.000 --> 00:00:02.000", "").trim();
/** The same of SRT. */
const shownSrt = async (words: string): Promise<string> =>
  (await srt(line(1, 2, words))).replace("\n00:00:01.000 --> 00:00:02.000", "").trim();

describe("SRT", () => {
  test("keeps times to a millisecond, beyond an hour as well", async () => {
    expect(await srt(line(1.0006, 2.5, "a\r\nb"), line(360_000, 360_001, "c"))).toBe(
      "\n00:00:01.001 --> 00:00:02.500\na\nb\n\n100:00:00.000 --> 100:00:01.000\nc\n",
    );
  });

  test("keeps bold, italic and underlined, closed in every line, and drops what WebVTT has no word for", async () => {
    expect(await shownSrt('<font color="red"><i>a\nb</font></I> <b>c<u>d</b>e')).toBe(
      "<i>a</i>\n<i>b</i> <b>c</b><b><u>d</u></b><u>e</u>",
    );
  });

  test("what looks like markup of WebVTT is text", async () => {
    expect(await shownSrt("a --> b & c < d <script>x</script> <c.red>")).toBe(
      "a --&gt; b &amp; c &lt; d &lt;script&gt;x&lt;/script&gt; &lt;c.red&gt;",
    );
  });

  test("an empty line does not end the cue; one with nothing to see is none", async () => {
    expect(await shownSrt("a\n\n <i> </i>\nb\u0000\u0007c")).toBe("a\nbc");
    expect(await srt(line(1, 2, "<i> \n</i>"), line(2, 2, "no time"), line(4, 3, "backwards"))).toBe("");
  });

  test("ASS's way of saying where is understood", async () => {
    expect(await shownSrt("{\\an8}up")).toBe("line:0\nup");
    expect(await shownSrt("{\\i1\\an7}left {brackets}")).toBe("line:0 align:left\nleft {brackets}");
  });

  test("what is no UTF-8 spoils its own letter alone", async () => {
    expect(await srt(line(1, 2, new Uint8Array([0x61, 0xff, 0x62])))).toContain("\na\ufffdb\n");
  });
});

describe("ASS", () => {
  test("cues come in the order of their times", async () => {
    expect(await ass(line(5, 6, "0,0,Default,,0,0,0,,b"), line(1, 2, "1,0,Default,,0,0,0,,a"))).toBe(
      "\n00:00:01.000 --> 00:00:02.000\na\n\n00:00:05.000 --> 00:00:06.000\nb\n",
    );
  });

  test.each([
    ["{\\i1}a{\\i0}b\\Nc\\nd\\he", "<i>a</i>b\nc d\u00a0e"],
    ["{\\b700}a{\\b400}b{\\b1\\u1}c{\\r}d", "<b>a</b>b<b><u>c</u></b>d"],
    ["{\\fnArial\\blur3\\be1\\bord2\\iclip(0,0,1,1)}plain{\\pos(1,2)}", "plain"],
    ["{\\p1}m 0 0 l 10 0{\\p0}words{\\pbo3}", "words"],
    ["{\\p1}m 0 0 l 10 0", ""],
    ["a { b", "a { b"],
    ["a<b>&c", "a&lt;b&gt;&amp;c"],
    ["{\\t(0,100,\\i1)}turning", "<i>turning</i>"],
  ])("%p is shown as %p", async (words, expected) => {
    expect(await shown(words)).toBe(expected);
  });

  test.each([
    ["{\\an1}x", "align:left\nx"],
    ["{\\an5}x", "line:45%\nx"],
    ["{\\an9}x", "line:0 align:right\nx"],
    ["{\\a6}x", "line:0\nx"],
    ["{\\a9}x", "line:45% align:left\nx"],
    ["{\\an0}x", "x"],
  ])("%p stands where it says", async (words, expected) => {
    expect(await shown(words)).toBe(expected);
  });

  test("styles count, a reset goes back to them or to another one, an unknown one is the default", async () => {
    expect(await shown("a{\\b0}b{\\b}c", "Sign")).toBe("line:0\n<b>a</b>b<b>c</b>");
    expect(await shown("a{\\rSign}b{\\rnowhere}c{\\r}d", "Thought")).toBe(
      "align:left\n<i><u>a</u></i><b>b</b>c<i><u>d</u></i>",
    );
    expect(await shown("a", "nowhere")).toBe("a");
  });

  test("an SSA style counts its places in SSA's way", async () => {
    const head =
      "[V4 Styles]\nFormat: Name, Bold, Alignment\nStyle: Top,0,6\n[Events]\nFormat: Marked, Start, End, Style, Text";
    expect(await cues(track("ass", head), line(1, 2, "0,,Top,,0,0,0,,x"))).toBe(
      "\n00:00:01.000 --> 00:00:02.000 line:0\nx\n",
    );
  });

  test("one text in layers, or frame by frame, is one cue", async () => {
    const words = (text: string) => `0,0,Default,,0,0,0,,${text}`;
    expect(
      (
        await ass(
          line(1, 2, words("{\\blur1}sign")),
          line(1, 2, words("{\\3c&H00&}sign")),
          line(2.04, 3, words("{\\pos(1,1)}sign")),
          line(2.5, 4, words("other")),
          line(3.1, 5, words("sign")),
        )
      ).match(/.* --> .*\n.*/g),
    ).toEqual([
      "00:00:01.000 --> 00:00:03.000\nsign",
      "00:00:02.500 --> 00:00:04.000\nother",
      "00:00:03.100 --> 00:00:05.000\nsign",
    ]);
  });

  test("S42: a megabyte of one character takes no longer than one of words", async () => {
    for (const char of ["{", "\\", "{\\", "}", "<", "[", "\n", "("]) {
      const long = char.repeat(2 ** 20);
      await ass(line(0, 1, `0,0,Default,,0,0,0,,${long}`));
      await srt(line(0, 1, long));
      await cues(track("ass", `[V4+ Styles]\nStyle: ${long}\n[${long}`), line(0, 1, "0,0,Default,,0,0,0,,x"));
      await cues(track("webvtt"), line(0, 1, `\n${long}\n${long}`));
    }
  });
});

test("WebVTT keeps its markup, but neither times inside nor what would begin another cue", async () => {
  const frame = "<v Ann>Hello <00:00:01.500><i>you</i>\n\n00:00:09.000 --> 00:00:10.000\nmore";
  expect(await cues(track("webvtt"), line(1, 2, frame), line(2, 3, " \n<00:02.000>"))).toBe(
    "\n00:00:01.000 --> 00:00:02.000\n<v Ann>Hello <i>you</i>\n00:00:09.000 --&gt; 00:00:10.000\nmore\n",
  );
});

test("a long script is read in turns with other work", async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => line(i, i + 1, `${i},0,Default,,0,0,0,,{\\i1}line ${i}`));
  for (const write of [webVtt, assScript]) {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await write(track("ass", HEAD), lines);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  }
});

describe("MP4's own", () => {
  const sample = (words: Uint8Array, ...boxes: number[]) => new Uint8Array([0, words.length, ...words, ...boxes]);
  test("is text with a length, in UTF-8 or UTF-16; an empty sample is a pause", async () => {
    const utf16 = new Uint8Array([0xfe, 0xff, 0x30, 0x42]);
    expect(
      await cues(
        track("mov_text"),
        line(1, 2, sample(bytes("<i>a"), 0, 0, 0, 8, 1, 2, 3, 4)),
        line(2, 3, sample(bytes(""))),
        line(3, 4, sample(utf16)),
        line(4, 5, new Uint8Array([9])),
      ),
    ).toBe("\n00:00:01.000 --> 00:00:02.000\n&lt;i&gt;a\n\n00:00:03.000 --> 00:00:04.000\nあ\n");
  });
});
