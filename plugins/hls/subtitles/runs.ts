/** Text with the three styles that WebVTT, SRT and ASS have in common. */

export interface Look {
  bold: boolean;
  italic: boolean;
  underline: boolean;
}

/** A piece of text that looks the same throughout. */
export interface Run extends Look {
  text: string;
}

export const LINE_BREAK = /\r\n|[\r\n]/;

export const PLAIN: Look = { bold: false, italic: false, underline: false };

/** @returns WebVTT cue text: escaped, every tag closed in its line, no empty line; empty when nothing can be seen */
export function renderRuns(runs: readonly Run[]): string {
  const lines: Run[][] = [[]];
  for (const run of runs) {
    const [first = "", ...more] = run.text.split(LINE_BREAK);
    lines.at(-1)!.push({ ...run, text: first });
    for (const text of more) lines.push([{ ...run, text }]);
  }
  return lines
    .filter((line) => line.some(({ text }) => text.trim() !== ""))
    .map((line) => line.map(renderRun).join("").trim())
    .join("\n");
}

function renderRun({ text, bold, italic, underline }: Run): string {
  if (text === "") return "";
  const tags = [bold && "b", italic && "i", underline && "u"].filter((tag) => tag !== false);
  const open = tags.map((tag) => `<${tag}>`).join("");
  const close = tags
    .toReversed()
    .map((tag) => `</${tag}>`)
    .join("");
  return open + escapeCue(text) + close;
}

/** Also of `-->`, which would begin another cue. */
const escapeCue = (text: string): string =>
  withoutControls(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** What no text needs, and some players stumble over; tabs stay. */
export const withoutControls = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "");
