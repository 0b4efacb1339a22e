import { expect, test } from "bun:test";
import { assScript } from "../../../../plugins/hls/subtitles/ass-script.ts";
import { HEAD, line, text, track } from "./frames.ts";

const script = async (head: string, ...frames: ReturnType<typeof line>[]) =>
  text(await assScript(track("ass", head), frames));

test("lines stand in the order of the script they came from, with times to a hundredth", async () => {
  const made = await script(
    HEAD,
    line(1, 2.345, "2,0,Default,,0,0,0,,second, with a comma"),
    line(3661.5, 3662, "10,1,Sign,Ann,10,20,30,fx,{\\an8}last"),
    line(4, 5, "1,0,Default,,0,0,0,,first"),
  );
  expect(made).toBe(`${HEAD}Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,first
Dialogue: 0,0:00:01.00,0:00:02.35,Default,,0,0,0,,second, with a comma
Dialogue: 1,1:01:01.50,1:01:02.00,Sign,Ann,10,20,30,fx,{\\an8}last
`);
});

test("sections after the lines stay after them, though a font's text looks like one", async () => {
  const fonts = "\n[Fonts]\nfontname: a.ttf\n[>!!\n";
  expect(await script(`${HEAD}Comment: kept\n${fonts}`, line(0, 1, "0,0,Default,,0,0,0,,x"))).toBe(
    `${HEAD}Comment: kept\nDialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,x\n${fonts}`,
  );
});

test("the columns are those of the script, SSA's mark among them", async () => {
  const head = "[Events]\r\nFormat: Marked, Start, End, Style, Actor, Text\r\n";
  expect(await script(head, line(0, 1, "0,,Default,Ann,0,0,0,,x"))).toBe(
    `${head}Dialogue: Marked=0,0:00:00.00,0:00:01.00,Default,Ann,x\r\n`,
  );
});

const STANDARD = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

test.each([
  ["is empty", "", "\n\n[Events]\n"],
  ["has no events", "[Script Info]\n", "[Script Info]\n\n[Events]\n"],
  ["does not say the columns", "[Events]\n", "[Events]\n"],
  ["says columns without times", "[Events]\nFormat: Style, Text\n", "[Events]\n"],
])("a head that %s is completed", async (_how, head, before) => {
  expect(await script(head, line(0, 1, "0,3,Default,,0,0,0,,x"))).toBe(
    `${before}${STANDARD}\nDialogue: 3,0:00:00.00,0:00:01.00,Default,,0,0,0,,x\n`,
  );
});

test("bytes that are no UTF-8 stay what they are", async () => {
  const odd = new Uint8Array([...Buffer.from("0,0,Default,,0,0,0,,"), 0xff, 0x80, 0x9f]);
  const made = await assScript(track("ass", new Uint8Array([...Buffer.from("[Events]\n"), 0xe9, 0x0a])), [
    line(0, 1, odd),
  ]);
  expect(Buffer.from(made).includes(Buffer.from([0xe9, 0x0a]))).toBeTrue();
  expect(Buffer.from(made).includes(Buffer.from([0xff, 0x80, 0x9f, 0x0a]))).toBeTrue();
});

test("a byte order mark is not doubled, nor kept", async () => {
  expect(await script(`\ufeff${HEAD}`)).toBe(HEAD);
});

test("a line cannot bring others along, nor end the script", async () => {
  const made = await script(
    HEAD,
    line(0, 1, "0,0,Default,,0,0,0,,a\r\nDialogue: 0,0:00:00.00,9:00:00.00,x\n[Fonts]\0\r\n"),
  );
  expect(made).toBe(
    `${HEAD}Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,a\\NDialogue: 0,0:00:00.00,9:00:00.00,x\\N[Fonts]\n`,
  );
});

test.each(["", "x", "0,0,Default,,0,0,0,no ninth comma", "-1,0,D,,0,0,0,,x", "99999999999,0,D,,0,0,0,,x"])(
  "what is no line is left out: %p",
  async (frame) => {
    expect(await script(HEAD, line(0, 1, frame))).toBe(HEAD);
  },
);

test("a line without a length lasts to the next one, at most five seconds, and none begins before zero", async () => {
  const made = await script(
    HEAD,
    line(-1, 1, "0,0,D,,0,0,0,,early"),
    line(1, null, "1,0,D,,0,0,0,,a"),
    line(2, null, "2,0,D,,0,0,0,,b"),
    line(20, null, "3,0,D,,0,0,0,,c"),
  );
  expect(made.match(/\d:\d\d:\d\d\.\d\d,\d:\d\d:\d\d\.\d\d/g)).toEqual([
    "0:00:00.00,0:00:01.00",
    "0:00:01.00,0:00:02.00",
    "0:00:02.00,0:00:07.00",
    "0:00:20.00,0:00:25.00",
  ]);
});

test("S42: a megabyte of one character takes no longer than one of words", async () => {
  for (const char of [",", "\n", "{", "\0", "\\"])
    script(HEAD + char.repeat(2 ** 20), line(0, 1, char.repeat(2 ** 20)));
});
