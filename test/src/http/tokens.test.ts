import { describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { createTokens } from "../../../src/http/tokens.ts";

const secret = crypto.getRandomValues(new Uint8Array(32));
const tokens = createTokens({ secret, loginTtlSecs: 3600 });
const alice = { userId: "alice", version: "v1" };
const now = () => Math.floor(Date.now() / 1000);

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token made by hand, with the right secret unless told otherwise. */
function forge(
  claims: Record<string, unknown> = {},
  { header = {}, hash = "sha256", key = secret }: { header?: object; hash?: string; key?: Uint8Array } = {},
): string {
  const payload = { sub: "alice", ver: "v1", aud: "login", iat: now(), exp: now() + 60, ...claims };
  const signed = `${part({ alg: "HS256", typ: "JWT", ...header })}.${part(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest("base64url")}`;
}

describe("tokens of ours", () => {
  test("a login says who and until when", async () => {
    const claims = await tokens.verify(await tokens.signLogin(alice));
    expect(claims).toMatchObject({ userId: "alice", version: "v1", purpose: "login" });
    expect(claims!.expiresAt - now()).toBeWithin(3590, 3601);
  });

  test("a file token says for which item, and lives twelve hours", async () => {
    const claims = await tokens.verify(await tokens.signFile(alice, "0123456789abcdef"));
    expect(claims).toMatchObject({ purpose: "file", mediaId: "0123456789abcdef" });
    expect(claims!.expiresAt - now()).toBeWithin(12 * 3600 - 10, 12 * 3600 + 1);
  });

  test("one made by hand is like ours, so that what follows fails for its own reason", async () => {
    expect(await tokens.verify(forge())).toMatchObject({ userId: "alice" });
  });

  test("one that was accepted is refused once its time is over", async () => {
    const brief = forge({ exp: now() + 1 });
    expect(await tokens.verify(brief)).not.toBeNull();
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const timer = setInterval(async () => (await tokens.verify(brief)) ?? resolve(), 20);
    await over;
    clearInterval(timer);
  });
});

describe("S22 S23 what is not a living token of ours", () => {
  test.each([
    ["nothing", ""],
    ["no token", "abc"],
    ["three empty parts", ".."],
    ["another algorithm, signed well", forge({}, { header: { alg: "HS512" }, hash: "sha512" })],
    ["no algorithm", forge({}, { header: { alg: "none" } })],
    ["no algorithm and no signature", forge({}, { header: { alg: "nOnE" } }).replace(/[^.]*$/, "")],
    ["an algorithm with keys in pairs", forge({}, { header: { alg: "RS256" } })],
    ["another secret", forge({}, { key: new Uint8Array(32) })],
    ["the factory secret", forge({}, { key: Buffer.from("dev-secret") })],
    [
      "its own key",
      forge({}, { header: { jwk: { kty: "oct", k: "AA" }, jku: "http://localhost/" }, key: new Uint8Array(32) }),
    ],
    ["the name of a key in a file", forge({}, { header: { kid: "../../dev/null" }, key: new Uint8Array(32) })],
    ["no end", forge({ exp: undefined })],
    ["an end that is a text", forge({ exp: String(now() + 60) })],
    ["an end in the past", forge({ exp: now() - 1 })],
    ["an end at 0", forge({ exp: 0 })],
    ["an end in the year 9999", forge({ exp: 253_370_764_800 })],
    ["a life longer than ours", forge({ exp: now() + 3700 })],
    ["no beginning", forge({ iat: undefined })],
    ["a beginning in the future", forge({ nbf: now() + 600 })],
    ["no user", forge({ sub: undefined })],
    ["a user that is no text", forge({ sub: 1 })],
    ["no version", forge({ ver: undefined })],
    ["no purpose", forge({ aud: undefined })],
    ["another purpose", forge({ aud: "everything" })],
    ["a file token for no item", forge({ aud: "file" })],
    [
      "another payload under its signature",
      forge().replace(/\.[^.]*\./, `.${part({ sub: "root", ver: "v1", aud: "login", iat: now(), exp: now() + 60 })}.`),
    ],
    ["10 kB", forge({ padding: "x".repeat(10_000) })],
  ])("%s", async (_name, token) => {
    expect(await tokens.verify(token)).toBeNull();
  });
});
