import { describe, expect, test } from "bun:test";
import { checkArguments, resolveCommand, takeSettings } from "../../src/argv.ts";
import { UsageError } from "../../src/errors.ts";

describe("takeSettings", () => {
  test("takes --config and settings from before and after the command", () => {
    expect(
      takeSettings(["--config", "a.toml", "index", "--server.bind=[::]:80", "--json", "--hls.transcode", "on"]),
    ).toEqual({
      configPath: "a.toml",
      flags: { "server.bind": "[::]:80", "hls.transcode": "on" },
      rest: ["index", "--json"],
    });
  });

  test("keeps an empty value and one with an equals sign", () => {
    expect(takeSettings(["--db.database_url=postgres://x?a=b", "--auth.jwt_secret="]).flags).toEqual({
      "db.database_url": "postgres://x?a=b",
      "auth.jwt_secret": "",
    });
  });

  test("leaves what follows -- alone", () => {
    expect(takeSettings(["hls", "--", "--config", "x"]).rest).toEqual(["hls", "--", "--config", "x"]);
  });

  test.each([["--config"], ["--server.bind"]])("refuses %s without a value", (word) => {
    expect(() => takeSettings([word])).toThrow(new UsageError(`${word} needs a value`));
  });
});

describe("resolveCommand", () => {
  const leaf = { run: () => {} };
  const root = { subCommands: { index: leaf, user: { subCommands: { add: leaf } } } };

  test("follows nested commands and leaves their arguments", () => {
    const { chain, rest } = resolveCommand(root, ["user", "add", "mika", "--json"]);
    expect(chain.map(({ name }) => name)).toEqual(["anicargo", "user", "add"]);
    expect(rest).toEqual(["mika", "--json"]);
  });

  test("suggests the nearest command for an unknown one", () => {
    expect(() => resolveCommand(root, ["idnex"])).toThrow(
      'unknown command "idnex", did you mean "index"? (see anicargo --help)',
    );
    expect(() => resolveCommand(root, ["user", "zzzzzz"])).toThrow(
      'unknown command "zzzzzz" (see anicargo user --help)',
    );
  });

  test("does not take a property of Object for a command", () => {
    expect(() => resolveCommand(root, ["constructor"])).toThrow(UsageError);
  });
});

describe("checkArguments", () => {
  const args = {
    id: { type: "positional" },
    note: { type: "positional", required: false },
    json: { type: "boolean" },
    limit: { type: "string", alias: "l" },
  } as const;

  test.each([
    [["x"]],
    [["x", "y", "--json"]],
    [["-l", "3", "x"]],
    [["--limit=3", "x"]],
    [["--no-json", "x"]],
    [["--", "-x"]],
  ])("takes %j", (words) => {
    expect(() => checkArguments(args, words)).not.toThrow();
  });

  test.each([
    [["x", "--jsn"], "unknown flag --jsn, did you mean --json?"],
    [["x", "--wholly-unknown"], "unknown flag --wholly-unknown"],
    [["x", "--limit"], "--limit needs a value"],
    [["x", "--json=7"], "--json takes no value"],
    [[], "missing ID"],
    [["x", "y", "z"], 'unexpected argument "z"'],
  ] as const)("refuses %j", (words, message) => {
    expect(() => checkArguments(args, words)).toThrow(new UsageError(message));
  });
});
