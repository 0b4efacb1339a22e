/** Where in a TOML document each key stands: the parser tells it for syntax errors only. */
import { parse } from "smol-toml";

/** A path into the document; rows of arrays count from 0. */
export type TomlPath = readonly (string | number)[];

const VOID = /(?:[\s\ufeff]|#.*)*/y;
const KEY = /"(?:[^"\\]|\\.)*"|'[^']*'|[^\s.=[\]{},"'#]+/y;
/** Strings of three quotes may end in up to two more, which belong to them. */
const SCALAR = /"""(?:[^\\]|\\.)*?"{3,5}|'''.*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*'|[^,\]}#\r\n]+/sy;

const id = (path: TomlPath): string => JSON.stringify(path.map(String));

/**
 * Reads a document that is known to parse.
 * @returns a function from a path to the line (from 1) where the key, or the nearest key above it, stands
 */
export function keyLines(toml: string): (path: TomlPath) => number | undefined {
  const lines = new Map<string, number>();
  /** Arrays of tables to the row that is being written. */
  const rows = new Map<string, number>();
  let at = 0;
  let line = 1;

  const eat = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(toml)?.[0] ?? "";
    at += found.length;
    line += found.split("\n").length - 1;
    return found;
  };
  const comes = (text: string): boolean => toml.startsWith(text, at);
  const take = (text: string): boolean => {
    eat(VOID);
    const there = comes(text);
    if (there) at += text.length;
    return there;
  };
  const mark = (path: TomlPath): void => {
    for (let length = 1; length <= path.length; length++) {
      const key = id(path.slice(0, length));
      if (!lines.has(key)) lines.set(key, line);
    }
  };
  const keyPath = (): string[] => {
    const path: string[] = [];
    do {
      eat(VOID);
      const raw = eat(KEY);
      path.push(/^["']/.test(raw) ? Object.keys(parse(`${raw} = 0`))[0]! : raw);
    } while (take("."));
    return path;
  };
  const value = (path: TomlPath): void => {
    eat(VOID);
    if (comes("[")) {
      at++;
      for (let row = 0; at < toml.length && !take("]"); row++, take(",")) {
        mark([...path, row]);
        value([...path, row]);
      }
    } else if (comes("{")) {
      at++;
      for (; at < toml.length && !take("}"); take(",")) pair(path);
    } else eat(SCALAR);
  };
  const pair = (table: TomlPath): void => {
    const path = [...table, ...keyPath()];
    mark(path);
    take("=");
    value(path);
  };
  /** `[a.b]` below `[[a]]` means the row of `a` that is being written. */
  const inRows = (keys: readonly string[]): TomlPath => {
    const path: (string | number)[] = [];
    for (const key of keys) {
      path.push(key);
      const row = rows.get(id(path));
      if (row !== undefined) path.push(row);
    }
    return path;
  };

  let table: TomlPath = [];
  for (eat(VOID); at < toml.length; eat(VOID)) {
    if (take("[[")) {
      const keys = keyPath();
      const array = [...inRows(keys.slice(0, -1)), keys.at(-1)!];
      const row = (rows.get(id(array)) ?? -1) + 1;
      rows.set(id(array), row);
      table = [...array, row];
      mark(table);
      take("]]");
    } else if (take("[")) {
      table = inRows(keyPath());
      mark(table);
      take("]");
    } else pair(table);
  }

  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const found = lines.get(id(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
