import { describe, expect, test } from "bun:test";
import { isTooDeep, readJson } from "../../../src/http/body.ts";

const LIMITS = { maxBytes: 100, deadlineMs: 60_000 };

const request = (
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: Record<string, string> = { "content-type": "application/json" },
) => new Request("http://localhost/", { method: "POST", body, headers, duplex: "half" } as RequestInit);

/** What `readJson` threw. */
const refusal = (
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers?: Record<string, string>,
  limits = LIMITS,
) =>
  readJson(request(body, headers), limits).then(
    (value) => ({ status: 200, message: JSON.stringify(value) }),
    ({ status, message }: { status: number; message: string }) => ({ status, message }),
  );

const stream = (...chunks: string[]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

describe("readJson", () => {
  test("reads JSON, whatever follows its type", async () => {
    expect(await readJson(request('{"a":["ü"]}'), LIMITS)).toEqual({ a: ["ü"] });
    expect(await readJson(request("[1]", { "content-type": "Application/JSON ; charset=utf-8" }), LIMITS)).toEqual([1]);
    expect(await readJson(request(stream('{"a"', ":1}")), LIMITS)).toEqual({ a: 1 });
  });

  test("no body is no value, and needs no type", async () => {
    expect(await readJson(request(null, {}), LIMITS)).toBeUndefined();
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-patch+json",
    "",
  ])("S35 %p is refused: 415", async (type) => {
    expect((await refusal('{"a":1}', { "content-type": type })).status).toBe(415);
  });

  test("S39 a compressed body is refused: 415", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect((await refusal("x", headers)).status).toBe(415);
  });

  test("S39 a body that says it is too large is refused: 413", async () => {
    const headers = { "content-type": "application/json", "content-length": "101" };
    expect(await refusal(stream(`"${"x".repeat(99)}"`), headers)).toEqual({
      status: 413,
      message: "the body is larger than 100 bytes",
    });
  });

  test("S39 a body that turns out too large is refused: 413", async () => {
    expect((await refusal(stream(`"${"x".repeat(60)}`, `${"x".repeat(60)}"`))).status).toBe(413);
  });

  test("what is no JSON is refused: 400", async () => {
    expect(await refusal('{"a":')).toEqual({ status: 400, message: "the body is not valid JSON" });
    expect((await refusal(stream(""))).status).toBe(400);
  });

  test("what is no UTF-8 is refused: 400", async () => {
    expect(await refusal(new Uint8Array([0x22, 0xff, 0x22]))).toEqual({
      status: 400,
      message: "the body is not UTF-8",
    });
  });

  test("S39 what is nested too deep is refused before it is parsed: 400", async () => {
    const limits = { ...LIMITS, maxBytes: 1 << 20 };
    expect((await refusal("[".repeat(1 << 19), undefined, limits)).message).toContain("nested deeper");
  });

  test("S40 a body that does not arrive in time is refused: 408", async () => {
    const never = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("[")) });
    expect((await refusal(never, undefined, { ...LIMITS, deadlineMs: 1 })).status).toBe(408);
  });

  test("a body that breaks off is refused: 400", async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("gone")) });
    expect(await refusal(broken)).toEqual({ status: 400, message: "the body ended early" });
  });
});

describe("isTooDeep", () => {
  test.each([
    ["[[1],[2]]", 2, false],
    ["[[1],[[2]]]", 2, true],
    ['{"a":{"b":1}}', 1, true],
    ['["[[[[","\\"[[[["]', 1, false],
    ['["\\\\",[1]]', 1, true],
  ])("%s deeper than %d: %p", (json, depth, deep) => {
    expect(isTooDeep(json, depth)).toBe(deep);
  });
});
