import { describe, expect, test } from "bun:test";
import { errorText, judge, retryAfterSecs } from "../../../plugins/bangumi/judge.ts";
import { Overrun, Trouble } from "../../../plugins/bangumi/trouble.ts";

const ASKED = new URL("https://api.example/v0/subjects/1");

const reply = (status: number, body = "", headers: Record<string, string> = {}) => ({
  status,
  body,
  headers: new Headers(headers),
});

function troubleOf(...args: Parameters<typeof reply>): Trouble {
  try {
    judge(reply(...args), ASKED);
  } catch (error) {
    if (error instanceof Trouble) return error;
    throw error;
  }
  throw new Error("no trouble");
}

const HTML = "<!DOCTYPE html><title>Just a moment...</title>";
const ERROR = JSON.stringify({ title: "Not Found", description: "no such thing", details: { path: "/" } });

test("an answer is the JSON of a 200", () => {
  expect(judge(reply(200, '{"id":1}'), ASKED)).toEqual({ answer: { id: 1 } });
});

describe("what may be better the next time", () => {
  test.each<[string, number, string, RegExp]>([
    ["a web page with 200", 200, HTML, /a web page.*HTTP 200.*bangumi\.proxy/],
    ["a web page with 502", 502, HTML, /problem of its own \(HTTP 502\)/],
    ["an error with 500", 500, ERROR, /problem of its own \(HTTP 500\)/],
    ["half an answer", 200, '{"id":1,"na', /cut short/],
    ["no answer at all", 200, "", /cut short/],
  ])("%s", (_kind, status, body, message) => {
    const trouble = troubleOf(status, body);
    expect([trouble.passing, trouble.message]).toEqual([true, expect.stringMatching(message)]);
  });
});

describe("what will not be", () => {
  test.each<[string, number, string, RegExp]>([
    ["a bad request", 400, ERROR, /HTTP 400, Not Found: no such thing/],
    [
      "a bad request with details in words",
      400,
      JSON.stringify({ title: "Bad", details: "offset" }),
      /HTTP 400, Bad\)/,
    ],
    ["a bad request without words", 418, "", /HTTP 418\)/],
    ["a token that is not good", 401, ERROR, /bangumi\.access_token/],
    ["a name that is not liked", 403, ERROR, /bangumi\.user_agent/],
    ["Cloudflare's challenge", 403, HTML, /HTTP 403/],
    ["a proxy that wants a login", 407, "", /bangumi\.proxy/],
    ["words that would drive a terminal", 400, JSON.stringify({ title: "\x1b[2J\n" }), /HTTP 400, \\u001b\[2J\\u000a/],
  ])("%s", (_kind, status, body, message) => {
    const trouble = troubleOf(status, body);
    expect([trouble.passing, trouble.message]).toEqual([false, expect.stringMatching(message)]);
  });
});

test("404 is an answer when Bangumi says it, and trouble when a web server does", () => {
  expect(judge(reply(404, ERROR), ASKED)).toEqual({ missing: true });
  expect(troubleOf(404, HTML).message).toContain("a web page");
  expect(troubleOf(404, '{"error":1}').message).toContain("a web page");
});

test("another status may mean that there is no such thing", () => {
  expect(judge(reply(400, ERROR), ASKED, 400)).toEqual({ missing: true });
});

describe("a redirect", () => {
  test.each([
    ["/v0/subjects/2", "https://api.example/v0/subjects/2"],
    ["https://api.example/x", "https://api.example/x"],
  ])("within the origin is followed: %s", (location, url) => {
    expect(judge(reply(302, "", { location }), ASKED)).toEqual({ moved: new URL(url) });
  });

  test.each([
    ["https://evil.example/v0", "https://evil.example"],
    ["http://api.example/v0", "http://api.example"],
    ["https://api.example:8443/v0", "https://api.example:8443"],
    ["//evil.example/v0", "https://evil.example"],
  ])("to %s is not, and says where it leads", (location, origin) => {
    const trouble = troubleOf(301, "", { location });
    expect([trouble.passing, trouble.message]).toEqual([
      false,
      `Bangumi's address leads to ${origin}: set bangumi.base_url`,
    ]);
  });

  test("without an address leads nowhere", () => {
    expect(troubleOf(302).message).toContain("nowhere");
    expect(troubleOf(302, "", { location: "http://[" }).message).toContain("nowhere");
  });
});

test("429 wants rest, in whatever form it comes", () => {
  expect(troubleOf(429, '{"title":"Too Many Request"}')).toMatchObject({ secs: null, passing: false });
  expect(troubleOf(429, HTML, { "retry-after": "90" })).toMatchObject({ secs: 90 });
  expect(troubleOf(429)).toBeInstanceOf(Overrun);
});

test.each([
  ["90", 90],
  [" 0 ", 0],
  ["Sun, 22 Nov 2026 19:01:00 GMT", 60],
  ["Sun, 22 Nov 2026 18:00:00 GMT", 0],
  ["soon", null],
  [null, null],
])("Retry-After %p is %p seconds", (header, secs) => {
  expect(retryAfterSecs(header, Date.parse("2026-11-22T19:00:00Z"))).toBe(secs);
});

test.each<[unknown, string | null]>([
  [{ title: "a", description: "b" }, "a: b"],
  [{ title: "a", description: "" }, "a"],
  [{ description: "b", details: "c" }, "b"],
  [{ title: "x".repeat(300) }, "x".repeat(200)],
  [{ id: 1 }, null],
  ["a", null],
  [null, null],
  [undefined, null],
])("%p says %p", (answer, said) => {
  expect(errorText(answer)).toBe(said);
});
