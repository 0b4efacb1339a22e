/** The head of an ASS script, cut where the lines of the track belong. */

export interface AssHead {
  before: string;
  after: string;
  /** What a line consists of, in lower case. */
  columns: string[];
  newline: string;
}

const FORMAT = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";
/** The three bytes of a UTF-8 byte order mark, read as Latin-1. */
const MARK = "\u00ef\u00bb\u00bf";

/** @param text the head, its bytes as Latin-1 */
export function splitAssHead(text: string): AssHead {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = withoutMark(text)
    .replaceAll("\0", "")
    .trimEnd()
    .split(/\r\n|[\r\n]/);
  let events = lines.findIndex((line) => /^\[events\]\s*$/i.test(line));
  if (events === -1) events = lines.push("", "[Events]") - 1;
  const columns = requireFormat(lines, events);
  let end = sectionEnd(lines, events);
  // An empty line in front of the next section stays in front of it.
  while (lines[end - 1]?.trim() === "") end--;
  const join = (part: string[]) => part.map((line) => line + newline).join("");
  return { before: join(lines.slice(0, end)), after: join(lines.slice(end)), columns, newline };
}

/** The columns of the section that begins at `events`; where it does not say any that make sense, it is made to. */
function requireFormat(lines: string[], events: number): string[] {
  const end = sectionEnd(lines, events);
  const at = lines.findIndex((line, i) => i > events && i < end && /^format:/i.test(line));
  const columns = at === -1 ? [] : columnsOf(lines[at]!);
  if (columns.includes("start") && columns.includes("end") && columns.at(-1) === "text") return columns;
  if (at === -1) lines.splice(events + 1, 0, FORMAT);
  else lines[at] = FORMAT;
  return columnsOf(FORMAT);
}

/** Where the next section begins. Only a bare `[name]` does: the uuencoded lines of fonts may begin with a bracket. */
function sectionEnd(lines: readonly string[], begin: number): number {
  const end = lines.findIndex((line, i) => i > begin && /^\[[\w +]+\]\s*$/.test(line));
  return end === -1 ? lines.length : end;
}

export const columnsOf = (line: string): string[] =>
  line
    .slice(line.indexOf(":") + 1)
    .split(",")
    .map((name) => name.trim().toLowerCase());

const withoutMark = (text: string): string => (text.startsWith(MARK) ? text.slice(MARK.length) : text);
