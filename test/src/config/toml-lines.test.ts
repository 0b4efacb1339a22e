import { describe, expect, test } from "bun:test";
import { parse } from "smol-toml";
import { keyLines, type TomlPath } from "../../../src/config/toml-lines.ts";

/** Every path of the document in which each value is the number of its own line. */
function* numbered(value: unknown, path: TomlPath = []): Generator<[TomlPath, number]> {
  if (typeof value === "number") yield [path, value];
  else if (Array.isArray(value)) for (const [row, inner] of value.entries()) yield* numbered(inner, [...path, row]);
  else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) yield* numbered(inner, [...path, name]);
  }
}

const documents: Record<string, string> = {
  "tables and comments": "a = 1\n\n# [no]\n# x = 9\n[t] # [[no]]\nb = 6\n  c=7 # d = 8\n[ t . u ]\nb = 9",
  "dotted keys": "a.b.c = 1\na . b . d = 2\n[t]\nx.y = 4\nx.z = 5",
  "quoted keys": `"a.b" = 1\n'c d' = 2\n"\\u0065\\"=" = 3\n["t.u".'v']\n"" = 5\n't#'."]" = 6`,
  "inline tables": "a = { b = 1, c.d = 1, e = { f = 1 } }\ng = { }\nh = 3",
  "arrays over lines": "a = [\n  2, # two\n  3,\n]\nb = [ [ 5, 5 ], [\n6 ] ]\nc = []\nd = 8",
  "inline tables in arrays": "a = [ { b = 1 },\n { b = 2, c = [ 2,\n3 ] } ]\nd = 4",
  "arrays of tables":
    "[[a]]\nb = 2\n[[a]]\nb = 4\n[a.c]\nd = 6\n[[a.e]]\nf = 8\n[[a.e]]\nf = 10\n[[a]]\n[[a.e]]\nf = 13",
  "multi-line strings": `s = """\na = 9\n\\""" [x]\n"""\na = 5\nt = '''\nb = 9 "\n'''\nb = 9\nu = """x"""""\nc = 11\nv = '''y'''''\nd = 13`,
  "strings that look like structure": `s = "a = 1 \\" # ["\na = 2\nt = '] } #'\nb = 4\nu = ""\nv = ''\nc = 7`,
  "dates, numbers and words":
    "s = 2026-11-22 12:00:00Z\na = 2\nt = [ true, nan, 2026-01-01 ]\nb = 4\nu = -1.5e3\nc = 6",
  "Windows line ends": "[t]\r\na = 2\r\nb = [\r\n4,\r\n5 ]\r\nc = 6\r\n",
  "a byte order mark": "\ufeffa = 1\nb = 2",
};

describe("the line of every key and row", () => {
  for (const [name, document] of Object.entries(documents)) {
    test(name, () => {
      const lineOf = keyLines(document);
      const expected = [...numbered(parse(document))].filter(([, line]) => line > 0);
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.map(([path]) => [path, lineOf(path)])).toEqual(expected);
    });
  }
});

test("a table's own line is that of its header, a row's that of its own", () => {
  const lineOf = keyLines("\n[a.b]\nc = 1\n[[d]]\n[[d]]\n");
  expect([["a"], ["a", "b"], ["d"], ["d", 0], ["d", 1]].map(lineOf)).toEqual([2, 2, 4, 4, 5]);
});

test("what is not there has the line of what is nearest above it", () => {
  const lineOf = keyLines("[a]\nb = 1\n");
  expect(lineOf(["a", "b", "c"])).toBe(2);
  expect(lineOf(["a", "x"])).toBe(1);
  expect(lineOf(["x"])).toBeUndefined();
});

test("a key of the same spelling elsewhere is not taken for it", () => {
  const lineOf = keyLines('"a.b" = 1\n[a]\nb = 3\n');
  expect(lineOf(["a.b"])).toBe(1);
  expect(lineOf(["a", "b"])).toBe(3);
});
