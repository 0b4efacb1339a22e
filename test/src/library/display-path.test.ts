import { expect, test } from "bun:test";
import { decodePath, displayName, joinPath, pathKey } from "../../../src/library/display-path.ts";

const latin1 = Buffer.from("caf\xe9\n.mkv", "latin1");

test("bytes become text only where they are UTF-8", () => {
  expect(decodePath(Buffer.from("日本"))).toBe("日本");
  expect(decodePath(Buffer.from("\ufeffa"))).toBe("\ufeffa");
  expect(decodePath(latin1)).toBe(latin1);
});

test("bytes of no known encoding are shown escaped", () => {
  expect(displayName(latin1)).toBe("caf\\xe9\\x0a.mkv");
  expect(displayName("日本\n")).toBe("日本\n");
});

test("paths are joined as text where both parts are text, else as bytes", () => {
  expect(joinPath("", "a")).toBe("a");
  expect(joinPath("日", "a")).toBe("日/a");
  expect((joinPath("日", latin1) as Buffer).toString("latin1")).toBe(
    `${Buffer.from("日").toString("latin1")}/caf\xe9\n.mkv`,
  );
});

test("keys of text and of bytes never meet", () => {
  expect(pathKey("caf\xe9\n.mkv")).not.toBe(pathKey(latin1));
  expect(pathKey(latin1)).toBe(pathKey(Buffer.from(latin1)));
});
