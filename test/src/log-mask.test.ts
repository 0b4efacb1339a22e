import { describe, expect, test } from "bun:test";
import { isSecretName, mask } from "../../src/log-mask.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJlLXdpdGgtXy0";
const ID = "0123456789abcdef";

describe("S27 what looks like a secret is masked", () => {
  const cases: Record<string, [string, string]> = {
    "the token of an HLS address": [`GET /hls/abc.def-_/${ID}/index.m3u8`, `GET /hls/***/${ID}/index.m3u8`],
    "a JWT in an HLS address": [`/hls/${JWT}/${ID}/seg_1.ts`, `/hls/***/${ID}/seg_1.ts`],
    "the token of a player page": [`GET /watch/abc.def-_/${ID}`, `GET /watch/***/${ID}`],
    "an HLS token before a wrong id": ["/hls/tok/../x", "/hls/***/../x"],
    "the token of a media address": [
      `http://nas:3000/media/tok~en/${ID}/a.mkv`,
      `http://nas:3000/media/***/${ID}/a.mkv`,
    ],
    "a token in the query": ["/api/jobs/1/stream?token=s3cret&x=1", "/api/jobs/1/stream?token=***&x=1"],
    "a later one in the query": ["/x?a=1&token=s3cret", "/x?a=1&token=***"],
    "a Bearer header": ["Authorization: Bearer s3cret, more", "Authorization: Bearer ***, more"],
    "a bearer in lower case": ["bearer s3cret", "bearer ***"],
    "a JWT anywhere": [`token ${JWT} expired`, "token *** expired"],
    "a JWT without its signature": [`x=${JWT.split(".").slice(0, 2).join(".")}.`, "x=***"],
    "the password of a database URL": ["postgres://me:hunter2@db:5432/x", "postgres://me:***@db:5432/x"],
    "one with an @ in it": ["postgresql://me:hun@ter2@db/x", "postgresql://me:***@db/x"],
    "the password of a proxy": ["via http://me:hunter2@proxy:8080", "via http://me:***@proxy:8080"],
    "several at once": [`a postgres://u:p@h/d b ${JWT} c`, "a postgres://u:***@h/d b *** c"],
  };
  for (const [name, [text, masked]] of Object.entries(cases)) {
    test(name, () => expect(mask(text)).toBe(masked));
  }
});

describe("what is none stays readable", () => {
  for (const text of [
    `GET /hls/${ID}/index.m3u8`,
    "/mnt/media/anime/Show - 01.mkv",
    "/srv/media/[Group] Show/01.mkv",
    "http://nas:3000/api/library?q=token",
    "postgres://localhost:5432/anicargo",
    "postgres://me@localhost:5432/anicargo",
    "eyJ.x.y",
    "a@b.c: 10:30",
  ]) {
    test(text, () => expect(mask(text)).toBe(text));
  }
});

test("names that sound secret, however they are written", () => {
  for (const name of [
    "password",
    "admin_password",
    "currentPassword",
    "token",
    "accessToken",
    "jwt_secret",
    "apiKey",
    "api_key",
    "APIKEY",
    "invite_code",
    "inviteCode",
    "Authorization",
    "Set-Cookie",
  ]) {
    expect([name, isSecretName(name)]).toEqual([name, true]);
  }
});

test("names that do not", () => {
  for (const name of ["path", "tokens_used", "secretary", "key", "token_ttl", "code", "user_id", "compass"]) {
    expect([name, isSecretName(name)]).toEqual([name, name === "token_ttl"]);
  }
});

test("hostile lines are masked in one pass, not in one for each character", () => {
  for (const part of ["http://", "a.", "a:", "eyJ", "-eyJ", "eyJaaaaaa.", "/hls/", "?token=", "bearer ", "/media/x"]) {
    expect(mask(part.repeat(100_000)).length).toBeGreaterThan(0);
  }
});
