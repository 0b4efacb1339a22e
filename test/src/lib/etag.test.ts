import { expect, test } from "bun:test";
import { namesEtag } from "../../../src/lib/etag.ts";

test.each([
  ['"1"', true],
  ['W/"1"', true],
  ['"0", "1"', true],
  ['"0" ,W/"1"', true],
  ["*", true],
  [" * ", true],
  ['"2"', false],
  ["1", false],
  ['"1', false],
  ["", false],
  [null, false],
  [undefined, false],
])('If-None-Match: %p names "1": %p', (header, expected) => {
  expect(namesEtag(header, '"1"')).toBe(expected);
});
