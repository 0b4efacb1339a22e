import { expect, test } from "bun:test";
import type { Setting } from "../../../src/config/load.ts";
import { settingLines, settingsJson } from "../../../src/config/print.ts";

const setting = (key: string, value: unknown, more: Partial<Setting> = {}): Setting => ({
  key,
  value,
  env: undefined,
  source: "default",
  secret: false,
  description: "",
  ...more,
});

const settings = [
  setting("a.text", "words", { source: "file" }),
  setting("a.empty", ""),
  setting("a.unset", undefined),
  setting("a.list", ["x", "y"], { source: "environment" }),
  setting("a.proxy", "http://me:hunter2@proxy:1", { source: "flag" }),
  setting("a.secret", "hunter2", { secret: true, source: "file" }),
  setting("a.factory", "dev-secret", { secret: true }),
  setting("a.no_secret", "", { secret: true }),
  setting("a.no_url", undefined, { secret: true }),
];

test("a line holds key, value and source in columns; secrets are masked", () => {
  expect(settingLines(settings).map((line) => line.split(/ {2,}/))).toEqual([
    ["a.text", "words", "file"],
    ["a.empty", '""', "default"],
    ["a.unset", "(not set)", "default"],
    ["a.list", '["x","y"]', "environment"],
    ["a.proxy", "http://me:***@proxy:1", "flag"],
    ["a.secret", "********", "file"],
    ["a.factory", "******** (factory value)", "default"],
    ["a.no_secret", '""', "default"],
    ["a.no_url", "(not set)", "default"],
  ]);
  expect(new Set(settingLines(settings).map((line) => line.lastIndexOf("  "))).size).toBe(1);
});

test("the JSON holds the values as they are, null where nothing is set; secrets are masked", () => {
  expect(settingsJson(settings).map(({ key, value }) => [key, value])).toEqual([
    ["a.text", "words"],
    ["a.empty", ""],
    ["a.unset", null],
    ["a.list", ["x", "y"]],
    ["a.proxy", "http://me:***@proxy:1"],
    ["a.secret", "********"],
    ["a.factory", "********"],
    ["a.no_secret", ""],
    ["a.no_url", null],
  ]);
  expect(JSON.stringify(settingsJson(settings))).not.toMatch(/hunter2|dev-secret/);
});

test("no settings make no lines", () => {
  expect(settingLines([])).toEqual([]);
});
