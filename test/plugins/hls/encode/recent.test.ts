/** What was made lately is kept, up to a limit. */
import { expect, test } from "bun:test";
import { createRecent } from "../../../../plugins/hls/encode/recent.ts";

const bytes = (length: number) => new Uint8Array(length);

test("what was asked for least recently goes first", () => {
  const recent = createRecent(10);
  recent.put("a", bytes(4));
  recent.put("b", bytes(4));
  expect(recent.get("a")).toHaveLength(4);
  recent.put("c", bytes(4));
  expect(recent.get("b")).toBeUndefined();
  expect(recent.get("a")).toHaveLength(4);
});

test("a new one under the same name takes the place of the old one", () => {
  const recent = createRecent(10);
  for (let i = 0; i < 5; i++) recent.put("a", bytes(8));
  recent.put("b", bytes(2));
  expect(recent.get("a")).toHaveLength(8);
});

test("what is larger than the limit is not kept, and throws nothing else away", () => {
  const recent = createRecent(10);
  recent.put("a", bytes(4));
  recent.put("b", bytes(11));
  expect(recent.get("b")).toBeUndefined();
  expect(recent.get("a")).toHaveLength(4);
});
