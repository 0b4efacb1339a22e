/** The text of a WebVTT cue that a container holds; its markup stays, since a player of WebVTT reads it. */
import type { CueText } from "./cue.ts";
import { LINE_BREAK, withoutControls } from "./runs.ts";

export function readVttText(frame: string): CueText {
  // Times inside are those of the block; the whole cue at once is what is left without them.
  const plain = withoutControls(frame.replace(/<[\d:.]+>/g, "")).replaceAll("-->", "--&gt;");
  // An empty line would end the cue.
  const lines = plain.split(LINE_BREAK).filter((line) => line.trim() !== "");
  return lines.length === 0 ? null : { text: lines.join("\n"), settings: "" };
}
