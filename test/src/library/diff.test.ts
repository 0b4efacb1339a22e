import { describe, expect, test } from "bun:test";
import { diff, type Known } from "../../../src/library/diff.ts";
import type { SeenFile } from "../../../src/library/seen-file.ts";

/** `name size@time#inode`: the name is the id of a known file. */
const parse = (text: string) => {
  const [, path, size, mtime, inode] = /^(\S+) (\d+)@(\d+)(?:#(\d+))?$/.exec(text)!;
  return { path: path!, size: Number(size), mtime: Number(mtime), inode: Number(inode ?? 0) };
};
const known = (...texts: string[]): Known[] => texts.map((text) => ({ id: parse(text).path, ...parse(text) }));
const seen = (...texts: string[]): SeenFile[] => texts.map(parse);

/** The difference in words: `moved: a -> b`. */
function words(before: Known[], after: SeenFile[]): string[] {
  const result = diff(before, after);
  const pairs = (kind: "unchanged" | "changed" | "moved") =>
    result[kind].map((pair) => `${kind}: ${pair.known.id} -> ${pair.seen.path}`);
  return [
    ...pairs("unchanged"),
    ...pairs("changed"),
    ...pairs("moved"),
    ...result.added.map((file) => `added: ${file.path}`),
    ...result.missing.map((file) => `missing: ${file.id}`),
    ...result.overwritten.map((file) => `overwritten: ${file.id}`),
  ].sort();
}

describe("one file at a time", () => {
  test("the same size and time at the same path: unchanged, whatever the inode says", () => {
    expect(words(known("a 1@1#1"), seen("a 1@1#2"))).toEqual(["unchanged: a -> a"]);
  });

  test.each(["a 2@1#1", "a 1@2#1", "a 9@9#9"])(
    "another content at the same path (%p): changed, under its id",
    (after) => {
      expect(words(known("a 1@1#1"), seen(after))).toEqual(["changed: a -> a"]);
    },
  );

  test("a path that was not there: added; one that is not there: missing", () => {
    expect(words(known("a 1@1#1"), seen("b 2@2#2"))).toEqual(["added: b", "missing: a"]);
  });
});

describe("R7 moves", () => {
  test("the same size and time at another path: moved, also to another disk", () => {
    expect(words(known("a 1@1#1"), seen("b 1@1#1"))).toEqual(["moved: a -> b"]);
    expect(words(known("a 1@1#1"), seen("b 1@1#7"))).toEqual(["moved: a -> b"]);
    expect(words(known("a 1@1"), seen("b 1@1"))).toEqual(["moved: a -> b"]);
  });

  test("several alike: the inode decides", () => {
    expect(words(known("a 1@1#1", "b 1@1#2"), seen("c 1@1#2", "d 1@1#1"))).toEqual(["moved: a -> d", "moved: b -> c"]);
  });

  test("several alike without inodes: the base name decides", () => {
    expect(words(known("x/a 1@1", "x/b 1@1"), seen("y/b 1@1", "y/a 1@1"))).toEqual([
      "moved: x/a -> y/a",
      "moved: x/b -> y/b",
    ]);
  });

  test("what is left over when all others are told apart is the last pair", () => {
    expect(words(known("a 1@1#1", "b 1@1#2"), seen("c 1@1#2", "d 1@1#9"))).toEqual(["moved: a -> d", "moved: b -> c"]);
  });

  test("ambiguous: not moved", () => {
    expect(words(known("a 1@1", "b 1@1"), seen("c 1@1"))).toEqual(["added: c", "missing: a", "missing: b"]);
    expect(words(known("a 1@1"), seen("b 1@1", "c 1@1"))).toEqual(["added: b", "added: c", "missing: a"]);
  });

  test("a copy beside the original is a new file", () => {
    expect(words(known("a 1@1#1"), seen("a 1@1#1", "b 1@1#2"))).toEqual(["added: b", "unchanged: a -> a"]);
  });
});

describe("files that take each other's paths", () => {
  test("a swap", () => {
    expect(words(known("a 1@1#1", "b 2@2#2"), seen("a 2@2#2", "b 1@1#1"))).toEqual(["moved: a -> b", "moved: b -> a"]);
  });

  test("a chain", () => {
    expect(words(known("a 1@1#1", "b 2@2#2"), seen("b 1@1#1", "c 2@2#2"))).toEqual(["moved: a -> b", "moved: b -> c"]);
  });

  test("a move over another file: that one is gone for certain", () => {
    expect(words(known("a 1@1#1", "b 2@2#2"), seen("b 1@1#1"))).toEqual(["moved: a -> b", "overwritten: b"]);
  });

  test("a move that makes room for a new file: the id goes with the old content", () => {
    expect(words(known("a 1@1#1"), seen("a 5@5#5", "a.old 1@1#1"))).toEqual(["added: a", "moved: a -> a.old"]);
  });

  test("what cannot be told from a change without inodes is a change", () => {
    expect(words(known("a 1@1", "b 2@2"), seen("a 2@2", "b 1@1"))).toEqual(["changed: a -> a", "changed: b -> b"]);
  });
});

test("every file on either side is accounted for exactly once, whatever happened", () => {
  // A small deterministic generator: many little worlds with few sizes, times and inodes, so that they collide.
  let state = 1;
  const random = (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const world = () => {
    const paths = new Set(Array.from({ length: random(7) }, () => `d${random(2)}/f${random(4)}`));
    return [...paths].map((path) => `${path} ${random(2)}@${random(2)}#${random(4)}`);
  };
  for (let round = 0; round < 5000; round++) {
    const before = known(...world());
    const after = seen(...world());
    const { unchanged, changed, moved, added, missing, overwritten } = diff(before, after);
    const pairs = [...unchanged, ...changed, ...moved];
    const ids = [...pairs.map((pair) => pair.known), ...missing, ...overwritten].map((file) => file.id);
    const paths = [...pairs.map((pair) => pair.seen), ...added].map((file) => file.path);
    expect(ids.sort()).toEqual(before.map((file) => file.id).sort());
    expect(paths.sort()).toEqual(after.map((file) => file.path).sort());
    const free = new Set([...moved.map((pair) => pair.known), ...overwritten].map((file) => file.path));
    for (const { seen: file } of moved) {
      expect(before.every((other) => other.path !== file.path || free.has(other.path))).toBe(true);
    }
  }
});
