/** The ASS script that a Matroska track was made from: its head is the track's private data, each frame is a line. */
import type { Frame, SourceTrack } from "../reader/model.ts";
import { type AssEvent, parseAssEvent } from "./ass-event.ts";
import { splitAssHead } from "./ass-head.ts";
import { joinText } from "./bounded.ts";
import { assTime } from "./clock.ts";
import { mapInTurns } from "./in-turns.ts";
import { type Span, spansOf } from "./spans.ts";

/**
 * The bytes of the file are kept, whatever their encoding: they go through Latin-1, which knows every byte.
 * Lines that are none are left out.
 * @throws Damaged when it would be larger than any real script is
 */
export async function assScript(
  { codecPrivate }: Pick<SourceTrack, "codecPrivate">,
  frames: readonly Frame[],
): Promise<Uint8Array> {
  const head = splitAssHead(latin1(codecPrivate));
  const read = await mapInTurns(spansOf(frames), (span) => ({
    span,
    event: parseAssEvent(oneLine(latin1(span.frame.data))),
  }));
  const lines = read.filter((line): line is Line => line.event !== null).sort((a, b) => a.event.order - b.event.order);
  const write = (line: Line) =>
    `Dialogue: ${head.columns.map((column) => cell(column, line)).join(",")}${head.newline}`;
  return joinText([head.before, ...(await mapInTurns(lines, write)), head.after], "latin1");
}

interface Line {
  span: Span;
  event: AssEvent;
}

function cell(column: string, { span, event }: Line): string {
  switch (column) {
    case "start":
      return assTime(span.start);
    case "end":
      return assTime(span.end);
    case "text":
      return event.text;
    case "marked":
      // SSA's: Matroska has no place for it.
      return "Marked=0";
    case "actor":
      return event.fields.name ?? "";
    default:
      return event.fields[column] ?? "";
  }
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

/** A line break inside a line would begin another one, of any kind. */
const oneLine = (text: string): string =>
  text
    .replaceAll("\0", "")
    .trimEnd()
    .replace(/\r\n|[\r\n]/g, "\\N");
