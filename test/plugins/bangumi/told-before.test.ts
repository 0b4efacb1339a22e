import { expect, test } from "bun:test";
import { readSubject } from "../../../plugins/bangumi/answer.ts";
import { createToldBefore } from "../../../plugins/bangumi/told-before.ts";

const told = (id: number, name = "a") => readSubject({ id, name });
const ids = (subjects: readonly { id: number }[]) => subjects.map(({ id }) => id);

test("what was stored is no news until it says something else, an hour has passed, or the database lost it", () => {
  let now = 0;
  const before = createToldBefore(() => now);
  expect(ids(before.news([told(1), told(2)]))).toEqual([1, 2]);
  before.stored([told(1)]);
  expect(ids(before.news([told(1), told(2)]))).toEqual([2]);
  expect(ids(before.news([told(1, "b")]))).toEqual([1]);
  now = 3_600_000;
  expect(ids(before.news([told(1)]))).toEqual([1]);
  before.stored([told(1)]);
  before.forget();
  expect(ids(before.news([told(1)]))).toEqual([1]);
});

test("its memory is bounded", () => {
  const before = createToldBefore();
  before.stored([told(1)]);
  before.stored(Array.from({ length: 50_000 }, (_, index) => told(index + 2)));
  expect(ids(before.news([told(1), told(2)]))).toEqual([1]);
});
