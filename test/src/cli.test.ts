import { afterEach, expect, spyOn, test } from "bun:test";
import { Type } from "typebox";
import { runCli } from "../../src/cli.ts";
import { definePlugin } from "../../src/plugin.ts";
import { versionLine } from "../../src/version.ts";

const written: string[] = [];
const stdout = spyOn(process.stdout, "write").mockImplementation((text) => {
  written.push(String(text));
  return true;
});
afterEach(() => stdout.mockRestore());

test("--version says what the plugins' carried data asks to be said", async () => {
  const config = Type.Object({});
  const plugins = [
    definePlugin({ name: "plain", config, setup: () => ({}) }),
    definePlugin({ name: "carrying", config, notices: ["Data by Mika, CC BY 4.0"], setup: () => ({}) }),
  ];
  expect(await runCli({ argv: ["--version"], plugins, signal: new AbortController().signal })).toBe(0);
  expect(written.join("")).toBe(`${versionLine()}\nData by Mika, CC BY 4.0\n`);
});
