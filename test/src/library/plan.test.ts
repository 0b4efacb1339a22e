import { describe, expect, test } from "bun:test";
import { mediaId } from "../../../src/library/media-id.ts";
import { planIndex } from "../../../src/library/plan.ts";
import type { SeenFile } from "../../../src/library/seen-file.ts";
import type { KnownFile } from "../../../src/library/store.ts";

const seen = (path: string, size = path.length): SeenFile => ({ path, size, mtime: 1, inode: 0 });
const known = (path: string, more: Partial<KnownFile> = {}): KnownFile => ({
  ...seen(path),
  id: mediaId(path),
  parser_version: 7,
  ...more,
});
const walked = (files: SeenFile[], unreadable: string[] = []) => ({ files, unreadable, empty: false });
const options = { allowRemovals: false, parserVersion: 7 };

describe("ids", () => {
  test("come from the path, as `scan` tells them", () => {
    const plan = planIndex([], walked([seen("a.mkv")]), options);
    expect(plan.items.map((item) => item.id)).toEqual([mediaId("a.mkv")]);
  });

  test("of a path whose file moved away are not given twice", () => {
    const away = known("elsewhere.mkv", { id: mediaId("a.mkv") });
    const awayToo = known("elsewhere2.mkv", { id: mediaId("a.mkv", 1) });
    const plan = planIndex([away, awayToo], walked([seen("a.mkv"), seen(away.path), seen(awayToo.path)]), options);
    expect(plan.items.map((item) => item.id)).toEqual([mediaId("a.mkv", 2)]);
  });

  test("of a name that is not UTF-8 come from its bytes", () => {
    const bytes = Buffer.from([0xff]);
    const plan = planIndex([], walked([{ ...seen("\\xff"), bytes }]), options);
    expect(plan.items[0]!.id).toBe(mediaId(bytes));
  });

  test("are sixteen lower-case hex digits, the same on every machine", () => {
    expect(mediaId("Mushishi/Season 2/Mushishi S02E05 [1080p].mkv")).toBe("c1d7785d3e98e859");
    expect(mediaId("日本.mkv")).toBe(mediaId(Buffer.from("日本.mkv")));
    for (let i = 0; i < 1000; i++) expect(mediaId(`${i}`)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("what is written", () => {
  test("nothing for files that are as they were", () => {
    const plan = planIndex([known("a.mkv")], walked([seen("a.mkv")]), options);
    expect([plan.unchanged, plan.items, plan.moved]).toEqual([1, [], []]);
  });

  test.each([null, 6])("a fresh parse for a file whose parse is of version %p", (parser_version) => {
    const plan = planIndex([known("a.mkv", { parser_version })], walked([seen("a.mkv")]), options);
    expect(plan.items.map((item) => item.kind)).toEqual(["stale"]);
    expect(plan.unchanged).toBe(0);
  });
});

describe("R2 what lies in a folder that cannot be read", () => {
  const files = [known("locked/a.mkv"), known("locked too.mkv"), known("ok/b.mkv")];

  test("stays, even when removals are allowed", () => {
    const plan = planIndex(files, walked([seen("ok/b.mkv")], ["locked"]), { ...options, allowRemovals: true });
    expect(plan.removed.map((file) => file.path)).toEqual(["locked too.mkv"]);
  });

  test("has not moved to where a file of its size and time appears", () => {
    const copy = { ...seen("ok/copy.mkv"), size: "locked/a.mkv".length };
    const plan = planIndex(files.slice(0, 1), walked([copy], ["locked"]), options);
    expect([plan.moved.length, plan.items.length]).toEqual([0, 1]);
  });

  test("holds back the removal of others", () => {
    const plan = planIndex(files, walked([seen("ok/b.mkv")], ["locked"]), options);
    expect([plan.removed.length, plan.kept, plan.doubt]).toEqual([0, 1, "unreadable"]);
  });

  test("is compared as always where it can be seen all the same", () => {
    const plan = planIndex(
      files,
      walked([seen("locked/a.mkv"), seen("ok/b.mkv"), seen("locked too.mkv")], ["locked"]),
      options,
    );
    expect([plan.unchanged, plan.items.length]).toEqual([3, 0]);
  });
});
