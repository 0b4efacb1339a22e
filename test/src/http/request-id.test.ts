import { expect, test } from "bun:test";
import { requestId } from "../../../src/http/request-id.ts";

const idOf = (given: string) => requestId(new Headers({ "x-request-id": given }));

test("a proxy's harmless id is kept", () => {
  expect(idOf("proxy-7.a_B")).toBe("proxy-7.a_B");
});

test.each(["", "a b", 'a"b', "ä", "x".repeat(65), "<script>"])("%p is replaced", (given) => {
  expect(idOf(given)).not.toBe(given);
});

test("every request without one gets its own", () => {
  const [one, two] = [requestId(new Headers()), requestId(new Headers())];
  expect(one).toMatch(/^[\w-]{10,}$/);
  expect(one).not.toBe(two);
});
