import { expect, test } from "bun:test";
import { TooManyRequests } from "../../../src/errors.ts";
import { createStreamLimit } from "../../../src/http/stream-limit.ts";

test("a user has so many streams and no more, until one ends; others have their own", () => {
  const enter = createStreamLimit(2);
  const leave = enter("alice");
  enter("alice");
  expect(() => enter("alice")).toThrow(TooManyRequests);
  enter("bob");
  leave();
  enter("alice");
  expect(() => enter("alice")).toThrow(TooManyRequests);
});
