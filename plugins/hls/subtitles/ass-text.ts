/** The text of an ASS line: what is left of it where only bold, italic, underlined and the place are known. */
import { fromLegacy } from "./alignment.ts";
import type { AssStyle } from "./ass-styles.ts";
import type { Run } from "./runs.ts";

export interface AssText {
  runs: Run[];
  alignment: number;
}

/** @param named the style with this name, for `\r` */
export function readAssText(text: string, base: AssStyle, named: (name: string) => AssStyle): AssText {
  const state: State = { ...base, drawing: false };
  const runs: Run[] = [];
  for (const { tags, plain } of pieces(text)) {
    for (const tag of tags.split("\\").slice(1)) apply(tag, state, base, named);
    const { bold, italic, underline } = state;
    // Vectors: a shape, not words.
    if (!state.drawing) runs.push({ text: unescaped(plain), bold, italic, underline });
  }
  return { runs, alignment: state.alignment };
}

interface State extends AssStyle {
  drawing: boolean;
}

/** Text with the block of tags in front of it; a brace that nothing closes is text. Each character is looked at once or twice. */
function* pieces(text: string): Generator<{ tags: string; plain: string }> {
  let tags = "";
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    const close = open === -1 ? -1 : text.indexOf("}", open);
    yield { tags, plain: text.slice(at, close === -1 ? undefined : open) };
    if (close === -1) return;
    tags = text.slice(open + 1, close);
    at = close + 1;
  }
}

function apply(tag: string, state: State, base: AssStyle, named: (name: string) => AssStyle): void {
  const [, name, value = ""] = /^(an|a|b|i|u|p)(\d*)\s*\)*$/.exec(tag) ?? [];
  switch (name) {
    case "an":
      if (/^[1-9]$/.test(value)) state.alignment = Number(value);
      break;
    case "a":
      if (Number(value) > 0) state.alignment = fromLegacy(Number(value));
      break;
    case "b":
      // Also a font's weight, where 700 is bold.
      state.bold = value === "" ? base.bold : value === "1" || Number(value) >= 600;
      break;
    case "i":
      state.italic = value === "" ? base.italic : value === "1";
      break;
    case "u":
      state.underline = value === "" ? base.underline : value === "1";
      break;
    case "p":
      state.drawing = Number(value) > 0;
      break;
    default:
      // A reset of the look; the place of a line stays.
      if (/^r(?!nd)/.test(tag)) Object.assign(state, tag === "r" ? base : named(tag.slice(1).trim()), keep(state));
  }
}

const keep = ({ alignment, drawing }: State) => ({ alignment, drawing });

const unescaped = (text: string): string =>
  text.replace(/\\[Nnh]/g, (mark) => (mark === "\\N" ? "\n" : mark === "\\n" ? " " : "\u00a0"));
