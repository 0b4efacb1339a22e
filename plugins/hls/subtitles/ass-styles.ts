/** What WebVTT can say of an ASS script's styles. */
import { fromLegacy } from "./alignment.ts";
import { columnsOf } from "./ass-head.ts";
import { type Look, PLAIN } from "./runs.ts";

export interface AssStyle extends Look {
  /** As on a number pad. */
  alignment: number;
}

export const DEFAULT_STYLE: AssStyle = { ...PLAIN, alignment: 2 };

/** @returns by name, without the asterisk that old scripts put in front */
export function parseAssStyles(head: string): Map<string, AssStyle> {
  const styles = new Map<string, AssStyle>();
  let columns: string[] | null = null;
  let legacy = false;
  for (const line of head.split(/[\r\n]+/)) {
    const section = /^\[(.+)\]\s*$/.exec(line)?.[1]?.toLowerCase();
    if (section !== undefined) {
      legacy = section === "v4 styles";
      columns = legacy || /^v4\+\+? styles$/.test(section) ? [] : null;
    } else if (columns && /^format:/i.test(line)) columns = columnsOf(line);
    else if (columns && /^style:/i.test(line)) {
      const values = line.slice(line.indexOf(":") + 1).split(",");
      const value = (name: string) => values[columns!.indexOf(name)]?.trim() ?? "";
      styles.set(value("name").replace(/^\*/, ""), readStyle(value, legacy));
    }
  }
  return styles;
}

function readStyle(value: (name: string) => string, legacy: boolean): AssStyle {
  const on = (name: string) => !["", "0"].includes(value(name));
  const alignment = Number.parseInt(value("alignment"), 10) || DEFAULT_STYLE.alignment;
  return {
    bold: on("bold"),
    italic: on("italic"),
    underline: on("underline"),
    alignment: legacy ? fromLegacy(alignment) : Math.min(9, Math.max(1, alignment)),
  };
}
