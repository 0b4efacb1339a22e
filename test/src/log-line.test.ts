import { expect, test } from "bun:test";
import { Unavailable } from "../../src/errors.ts";
import { plainLine, sentence } from "../../src/log-line.ts";

test("a plain line is time, level, tag and text", () => {
  const date = new Date("2026-11-22T12:00:00.999Z");
  expect(plainLine(date, "info", "hls", "message key=value")).toBe("2026-11-22T12:00:00Z INFO hls message key=value");
  expect(plainLine(date, "warn", "", "message")).toBe("2026-11-22T12:00:00Z WARN message");
});

test("fields follow the sentence, in quotes where they need it", () => {
  const when = new Date(0);
  expect(
    sentence("done", { n: 1, ok: true, none: null, gone: undefined, word: "a/b", text: "a b", eq: "a=b", empty: "" }),
  ).toBe('done n=1 ok=true none=null word=a/b text="a b" eq="a=b" empty=""');
  expect(sentence("done", { list: [1, "a"], when, big: 10n, at: { big: 10n } })).toBe(
    'done list=[1,"a"] when="1970-01-01T00:00:00.000Z" big=10 at={"big":"10"}',
  );
});

test("S27 secret fields are masked at any depth, and secrets inside texts", () => {
  expect(sentence("login", { password: "hunter2", body: { user: "me", nested: [{ apiKey: "k" }] } })).toBe(
    'login password=*** body={"user":"me","nested":[{"apiKey":"***"}]}',
  );
  expect(sentence("GET /x?token=s3cret", { url: "postgres://u:hunter2@h/d" })).toBe(
    "GET /x?token=*** url=postgres://u:***@h/d",
  );
});

test("S36 control characters never make a second line or drive the terminal", () => {
  const line = sentence("evil\nname\r\u001b[2J\u2028", { file: "a\nb\u001b", deep: { x: "\n" } });
  expect(line).toBe('evil\\u000aname\\u000d\\u001b[2J\\u2028 file="a\\nb\\u001b" deep={"x":"\\n"}');
});

test("an error tells its message; its stack and causes only when verbose", () => {
  const error = new Unavailable("the database is away", { cause: new Error("ECONNREFUSED", { cause: "deep" }) });
  expect(sentence("failed", { error })).toBe('failed error="the database is away"');
  const verbose = sentence("failed", { error }, true);
  expect(verbose).toStartWith('failed error="the database is away" error.stack="Unavailable: the database is away\\n');
  expect(verbose).toContain("caused by: Error: ECONNREFUSED\\n");
  expect(verbose).toEndWith('caused by: deep"');
  expect(verbose).not.toContain("\n");
});

test("what cannot be printed does not throw", () => {
  const circle: Record<string, unknown> = { x: 1 };
  circle.self = circle;
  const shared = { a: 1 };
  const loop = new Error("loop");
  loop.cause = loop;
  expect(sentence("s", { circle })).toBe('s circle={"x":1,"self":"[circular]"}');
  expect(sentence("s", { twice: [shared, shared] })).toBe('s twice=[{"a":1},{"a":1}]');
  expect(
    sentence("s", {
      bad: {
        toJSON: () => {
          throw new Error("no");
        },
      },
    }),
  ).toBe("s bad=[not printable]");
  expect(sentence("s", { nested: { error: new Error("inner") } })).toBe('s nested={"error":"inner"}');
  expect(sentence("s", { loop }, true)).toContain("loop");
  expect(sentence("s", { f: Symbol("x") })).toBe("s f=Symbol(x)");
});
