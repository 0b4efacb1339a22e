import { describe, expect, test } from "bun:test";
import { ConfigError, Conflict, TooManyRequests, Unauthorized } from "../../../src/errors.ts";
import { answerFor, errorBody } from "../../../src/http/errors.ts";

const failure = (code: string) => Object.assign(new Error("private"), { code });

describe("answerFor", () => {
  test("an AppError is told as it is, without its cause", () => {
    const { status, message, unforeseen } = answerFor(new Conflict("taken", { cause: new Error("private") }));
    expect({ status, message, unforeseen }).toEqual({ status: 409, message: "taken", unforeseen: false });
  });

  test("Retry-After is whole seconds, at least one", () => {
    expect(answerFor(new TooManyRequests("slow", { retryAfter: 0.2 })).headers["retry-after"]).toBe("1");
    expect(answerFor(new TooManyRequests("slow", { retryAfter: 12.1 })).headers["retry-after"]).toBe("13");
  });

  test("401 says how to identify (RFC 9110, section 11.6.1)", () => {
    expect(answerFor(new Unauthorized("log in")).headers["www-authenticate"]).toBe("Bearer");
  });

  test.each(["CONNECTION_CLOSED", "ECONNREFUSED", "57P01", "57P03", "53300", "08006", "25006"])(
    "%s means that the database is away: 503, with a time to come back",
    (code) => {
      const answer = answerFor(failure(code));
      expect(answer.status).toBe(503);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      expect(answer.message).not.toContain("private");
    },
  );

  test("the database's socket that is not there is the database away", () => {
    expect(answerFor(Object.assign(failure("ENOENT"), { syscall: "connect" })).status).toBe(503);
  });

  test.each(["22021", "22P05"])("S38 %s means that a text cannot be stored: 400", (code) => {
    expect(answerFor(failure(code)).status).toBe(400);
  });

  test.each([
    ["NOT_FOUND", failure("NOT_FOUND")],
    ["VALIDATION", failure("VALIDATION")],
    ["42601", failure("42601")],
    ["a missing file", Object.assign(failure("ENOENT"), { syscall: "open" })],
    ["a thrown text", "private"],
    ["nothing", undefined],
  ])("S44 anything else is an internal error, whatever code it carries: %s", (_name, error) => {
    const { status, message, unforeseen } = answerFor(error);
    expect({ status, message, unforeseen }).toEqual({ status: 500, message: "internal error", unforeseen: true });
  });
});

test("the id of the request is told when the fault is ours", () => {
  expect(errorBody(answerFor(new Error("private")), "id-1")).toEqual({ error: "internal error", request_id: "id-1" });
  expect(errorBody(answerFor(new ConfigError("set a.b")), "id-1")).toEqual({ error: "set a.b", request_id: "id-1" });
  expect(errorBody(answerFor(new Conflict("taken")), "id-1")).toEqual({ error: "taken" });
});
