import { describe, expect, test } from "bun:test";
import { defaultDataDir } from "../../../src/config/paths.ts";

describe("the data folder when nobody names one", () => {
  const dir = (env: Record<string, string>, root = false) => defaultDataDir(env, "/home/me", root);

  test("is systemd's state folder, the first of several", () => {
    expect(dir({ STATE_DIRECTORY: "/var/lib/private/anicargo" }, true)).toBe("/var/lib/private/anicargo");
    expect(dir({ STATE_DIRECTORY: "/a:/b", XDG_DATA_HOME: "/data" })).toBe("/a");
  });

  test("is the system's for root", () => {
    expect(dir({ XDG_DATA_HOME: "/data" }, true)).toBe("/var/lib/anicargo");
  });

  test("is the user's otherwise; a relative XDG_DATA_HOME is ignored", () => {
    expect(dir({ XDG_DATA_HOME: "/data" })).toBe("/data/anicargo");
    expect(dir({})).toBe("/home/me/.local/share/anicargo");
    expect(dir({ XDG_DATA_HOME: "data" })).toBe("/home/me/.local/share/anicargo");
  });
});
