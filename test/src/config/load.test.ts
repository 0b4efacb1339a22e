import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Type } from "typebox";
import { type LoadedConfig, type LoadOptions, loadConfig } from "../../../src/config/load.ts";
import { ConfigError, UsageError } from "../../../src/errors.ts";
import { integer, tables, text, texts, toggle } from "../../../src/lib/setting.ts";

const demo = Type.Object({
  size: integer({ env: "ANICARGO_DEMO_SIZE", default: 6, minimum: 1, maximum: 60, description: "" }),
  fast: toggle({ env: "ANICARGO_DEMO_FAST", default: false, description: "" }),
  names: texts({ env: "ANICARGO_DEMO_NAMES", default: [], description: "" }),
  folder: text({ env: "ANICARGO_DEMO_FOLDER", default: "~/demo", path: true, description: "" }),
  tool: text({ env: "ANICARGO_DEMO_TOOL", default: "tool", path: "program", description: "" }),
  secret: text({ env: "ANICARGO_DEMO_SECRET", default: "", secret: true, description: "" }),
  max_demos: integer({ section: "server", env: "ANICARGO_MAX_DEMOS", default: 2, description: "" }),
  map: tables(
    Type.Object(
      { from: Type.String({ minLength: 1 }), to: Type.String({ minLength: 1 }) },
      { additionalProperties: false },
    ),
    { default: [], description: "" },
  ),
});
const sections = [{ name: "demo", schema: demo }];

let root: string;
let cwd: string;
let home: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "anicargo-config-"));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  const place = await mkdtemp(join(root, "case-"));
  cwd = join(place, "here");
  home = join(place, "home");
  await mkdir(cwd);
  await mkdir(home);
});

const load = (options: Partial<LoadOptions> = {}): Promise<LoadedConfig> =>
  loadConfig({ sections, flags: {}, env: {}, cwd, home, ...options });

async function file(text: string, path = join(cwd, "config.toml")): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

async function failure(options: Partial<LoadOptions> = {}): Promise<Error> {
  try {
    await load(options);
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected the configuration to be refused");
}

const message = async (options?: Partial<LoadOptions>): Promise<string> => (await failure(options)).message;

describe("the sources", () => {
  test("no file is fine: the defaults hold", async () => {
    const { core, plugins, file, warnings } = await load();
    expect(core.server.bind).toBe("0.0.0.0:3000");
    expect(core.server.rate_limit_allow_ips).toEqual([]);
    expect(core.media.media_dir).toBeUndefined();
    expect(plugins.demo).toEqual({
      size: 6,
      fast: false,
      names: [],
      folder: join(home, "demo"),
      tool: "tool",
      secret: "",
      max_demos: 2,
      map: [],
    });
    expect({ file, warnings }).toEqual({ file: undefined, warnings: [] });
  });

  test("the file wins over the default, the environment over the file, a flag over the environment", async () => {
    const source = async (options: Partial<LoadOptions>) => {
      const { settings } = await load(options);
      const { value, source } = settings.find(({ key }) => key === "demo.size")!;
      return [value, source];
    };
    const env = { ANICARGO_DEMO_SIZE: "8" };
    expect(await source({})).toEqual([6, "default"]);
    await file("[demo]\nsize = 7");
    expect(await source({})).toEqual([7, "file"]);
    expect(await source({ env })).toEqual([8, "environment"]);
    expect(await source({ env, flags: { "demo.size": "9" } })).toEqual([9, "flag"]);
  });

  test("a wrong value is refused although a later source overrides it", async () => {
    await file("[demo]\nsize = 700");
    expect(await message({ flags: { "demo.size": "9" } })).toContain("demo.size: found 700");
  });

  test("an empty variable counts as unset", async () => {
    const { core, plugins } = await load({
      env: { ANICARGO_BIND: "", ANICARGO_DEMO_FAST: "", ANICARGO_MEDIA_DIR: "" },
    });
    expect(core.server.bind).toBe("0.0.0.0:3000");
    expect(core.media.media_dir).toBeUndefined();
    expect(plugins.demo).toMatchObject({ fast: false });
  });

  test("an empty text in the file means unset where the default is not a constant", async () => {
    await file('[media]\nmedia_dir = ""\n[db]\ndatabase_url = ""\ndata_dir = ""');
    const { core } = await load({ env: { STATE_DIRECTORY: "/state" } });
    expect(core.media.media_dir).toBeUndefined();
    expect(core.db.database_url).toBeUndefined();
    expect(core.db.data_dir).toBe("/state");
  });

  test("a key of a plugin may live in a section of the core", async () => {
    await file("[server]\nmax_demos = 5");
    const { core, plugins } = await load();
    expect(plugins.demo).toMatchObject({ max_demos: 5 });
    expect(core.server).not.toHaveProperty("max_demos");
  });

  test("a list of tables comes from the file", async () => {
    await file('[[demo.map]]\nfrom = "/a"\nto = "/b"\n[[demo.map]]\nfrom = "/c"\nto = "/d"');
    expect((await load()).plugins.demo).toMatchObject({
      map: [
        { from: "/a", to: "/b" },
        { from: "/c", to: "/d" },
      ],
    });
  });

  test("two plugins cannot declare one key or one variable", async () => {
    const twin = Type.Object({ other: integer({ env: "ANICARGO_DEMO_SIZE", default: 1, description: "" }) });
    expect(load({ sections: [...sections, { name: "twin", schema: twin }] })).rejects.toThrow("declared twice");
  });
});

describe("which file is read", () => {
  const size = async (options?: Partial<LoadOptions>) => ((await load(options)).plugins.demo as { size: number }).size;

  test("--config, ANICARGO_CONFIG, ./config.toml, the user's own: the first of them", async () => {
    const flag = await file("[demo]\nsize = 1", join(cwd, "flag.toml"));
    await file("[demo]\nsize = 2", join(home, "variable.toml"));
    const env = { ANICARGO_CONFIG: "~/variable.toml" };
    await file("[demo]\nsize = 4", join(home, ".config/anicargo/config.toml"));
    expect(await size()).toBe(4);
    const here = await file("[demo]\nsize = 3");
    expect(await size()).toBe(3);
    expect((await load()).file).toBe(here);
    expect(await size({ env })).toBe(2);
    expect(await size({ env, configPath: "flag.toml" })).toBe(1);
    expect((await load({ configPath: "flag.toml" })).file).toBe(flag);
  });

  test("XDG_CONFIG_HOME is respected, and ignored when relative", async () => {
    await file("[demo]\nsize = 5", join(home, "xdg/anicargo/config.toml"));
    expect(await size({ env: { XDG_CONFIG_HOME: join(home, "xdg") } })).toBe(5);
    expect(await size({ env: { XDG_CONFIG_HOME: "../home/xdg" } })).toBe(6);
  });

  test("one that was named but is missing is an error", async () => {
    const error = await failure({ configPath: "none.toml" });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toBe(`cannot read the configuration file ${join(cwd, "none.toml")}: it does not exist`);
    expect(await message({ env: { ANICARGO_CONFIG: "none.toml" } })).toBe(error.message);
    expect(await message({ configPath: "" })).toBe("--config needs the path of a file");
  });

  test("a folder or a file that is not text is refused by name", async () => {
    expect(await message({ configPath: "." })).toBe(`cannot read the configuration file ${cwd}: it is a folder`);
    await writeFile(join(cwd, "latin.toml"), Buffer.from([0x61, 0x3d, 0x22, 0xe9, 0x22]));
    expect(await message({ configPath: "latin.toml" })).toContain("is not UTF-8 text");
  });

  test("a folder called config.toml is not taken for the file", async () => {
    await mkdir(join(cwd, "config.toml"));
    expect((await load()).file).toBeUndefined();
  });

  test("a byte order mark and Windows line ends do no harm", async () => {
    await file("\ufeff[demo]\r\nsize = 7\r\nfast = true\r\n");
    expect((await load()).plugins.demo).toMatchObject({ size: 7, fast: true });
  });
});

describe("text from the environment and flags", () => {
  for (const [words, value] of [
    [["1", "true", "yes", "on", "TRUE", " On "], true],
    [["0", "false", "no", "off", "No"], false],
  ] as const) {
    test(`${words.join(" ")} are ${value}`, async () => {
      for (const ANICARGO_DEMO_FAST of words) {
        expect((await load({ env: { ANICARGO_DEMO_FAST } })).plugins.demo).toMatchObject({ fast: value });
      }
    });
  }

  test("a list is separated by commas", async () => {
    const names = async (text: string) => (await load({ env: { ANICARGO_DEMO_NAMES: text } })).plugins.demo;
    expect(await names("a, b ,,c,")).toMatchObject({ names: ["a", "b", "c"] });
    expect(await names(" , ")).toMatchObject({ names: [] });
  });

  test("what is no number, no boolean or out of bounds is refused under the variable's name", async () => {
    const problem = (env: Record<string, string>) => message({ env });
    expect(await problem({ ANICARGO_DEMO_SIZE: "six" })).toBe(
      'ANICARGO_DEMO_SIZE: demo.size: found "six", expected a whole number from 1 to 60',
    );
    for (const size of ["0", "61", "1.5", "0x10", "1e1", "٣"]) {
      expect(await problem({ ANICARGO_DEMO_SIZE: size })).toContain("a whole number from 1 to 60");
    }
    expect(await problem({ ANICARGO_DEMO_FAST: "maybe" })).toBe(
      'ANICARGO_DEMO_FAST: demo.fast: found "maybe", expected true or false',
    );
    expect(await problem({ ANICARGO_LOG_LEVEL: "loud" })).toBe(
      'ANICARGO_LOG_LEVEL: logging.level: found "loud", expected one of error, warn, info, debug, trace',
    );
    expect(await problem({ ANICARGO_TRUSTED_PROXIES: "10.0.0.0/8,router" })).toBe(
      'ANICARGO_TRUSTED_PROXIES: server.trusted_proxies[1]: found "router", expected an IP address or CIDR range such as 192.168.0.0/16',
    );
  });

  test("a wrong flag is named, also when it is empty", async () => {
    expect(await message({ flags: { "server.bind": "3000" } })).toBe(
      '--server.bind: server.bind: found "3000", expected host:port such as 0.0.0.0:3000 or [::]:3000',
    );
    expect(await message({ flags: { "server.bind": "" } })).toContain('found ""');
    expect(await message({ flags: { "media.media_dir": "" } })).toContain('media.media_dir: found ""');
  });

  test("a flag for a key that does not exist is a usage error that names the nearest", async () => {
    const error = await failure({ flags: { "server.bnd": "x" } });
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe("--server.bnd is not a known key, did you mean server.bind?");
    expect(await failure({ flags: { "demo.map": "x" } })).toBeInstanceOf(UsageError);
  });
});

describe("secrets", () => {
  const key = "ANICARGO_DEMO_SECRET";

  test("ANICARGO_*_FILE names a file that holds one, its last line end left out", async () => {
    await file("s3cret\n", join(cwd, "secret"));
    const { settings } = await load({ env: { [`${key}_FILE`]: "secret" } });
    expect(settings.find(({ key }) => key === "demo.secret")).toMatchObject({ value: "s3cret", source: "environment" });
  });

  test("such a file that is missing or empty is an error, and so are both variables", async () => {
    await file("", join(cwd, "empty"));
    for (const name of ["none", "empty"]) {
      expect(await message({ env: { [`${key}_FILE`]: name } })).toBe(
        `${key}_FILE: found no readable text in "${name}", expected a file with a text`,
      );
    }
    expect(await message({ env: { [key]: "a", [`${key}_FILE`]: "b" } })).toBe(
      `${key} and ${key}_FILE are both set: keep one of them`,
    );
  });

  test("only secrets can come from such a file", async () => {
    const { warnings } = await load({ env: { ANICARGO_BIND_FILE: "x" } });
    expect(warnings).toEqual([expect.stringContaining("ANICARGO_BIND_FILE is not a known variable")]);
  });

  test("a refused secret is never shown", async () => {
    await file("[demo]\nsecret = 12345678\n[db]\ndatabase_url = 'mysql://me:hunter2@host/x'");
    const text = await message();
    expect(text).toContain("demo.secret: found a value that is not shown here, expected a text");
    expect(text).toContain("expected a postgres:// URL");
    expect(text).not.toMatch(/12345678|hunter2/);
  });

  test("a syntax error beside a secret does not quote the line", async () => {
    await file('[demo]\nsecret = "hunter2');
    const error = await failure();
    expect(error.message).not.toContain("hunter2");
    expect(error.cause).toBeUndefined();
  });

  test("a file with secrets that others can read is warned about, one with factory values is not", async () => {
    const path = await file('[auth]\njwt_secret = "dev-secret"\n[demo]\nsecret = ""');
    await chmod(path, 0o644);
    expect((await load()).warnings).toEqual([]);
    await writeFile(path, '[auth]\njwt_secret = "mine"');
    expect((await load()).warnings).toEqual([
      `${path} holds secrets and can be read by other users of this machine: chmod 600 it`,
    ]);
    await chmod(path, 0o600);
    expect((await load()).warnings).toEqual([]);
  });
});

describe("what is wrong in the file", () => {
  const problem = async (text: string): Promise<string> => {
    const path = await file(text);
    return (await message()).replaceAll(path, "config.toml");
  };

  test("a value names file, line, key, what was found and what is expected", async () => {
    expect(await problem('# settings\n\n[demo]\nfast = true\nsize = "six"')).toBe(
      'config.toml:5: demo.size: found "six", expected a whole number from 1 to 60',
    );
    expect(await problem("demo.size = 61")).toBe(
      "config.toml:1: demo.size: found 61, expected a whole number from 1 to 60",
    );
    expect(await problem("[demo]\nfast = 'yes'")).toContain('found "yes", expected true or false');
    expect(await problem("[demo]\nnames = 'a'")).toContain('found "a", expected a list of texts');
    expect(await problem("[demo]\nnames = ['a',\n 3]")).toBe("config.toml:3: demo.names[1]: found 3, expected a text");
    expect(await problem("[demo]\nsize = nan")).toContain("found NaN");
    expect(await problem("[demo]\nsize = 2026-01-01")).toContain("found a date");
    expect(await problem("[demo]\nsize = {}")).toContain("found a table");
    expect(await problem("[demo]\nsize = []")).toContain("found an empty list");
    expect(await problem('[demo]\nfolder = "a\\u0000b"')).toContain("found a text with a NUL character");
    expect(await problem("[auth]\nadmin_user = ''")).toContain('found "", expected a text that is not empty');
  });

  test("every problem gets its line", async () => {
    expect(await problem("[demo]\nsize = 0\nfast = 1\n[server]\nbind = 'x'")).toBe(
      [
        "config.toml:2: demo.size: found 0, expected a whole number from 1 to 60",
        "config.toml:3: demo.fast: found 1, expected true or false",
        'config.toml:5: server.bind: found "x", expected host:port such as 0.0.0.0:3000 or [::]:3000',
      ].join("\n"),
    );
  });

  test("an unknown key comes with the nearest known one", async () => {
    expect(await problem("[demo]\nsise = 1")).toBe(
      "config.toml:2: demo.sise is not a known key, did you mean demo.size?",
    );
    expect(await problem("\nmedia_dir = '/srv'")).toBe(
      "config.toml:2: media_dir is not a known key, did you mean media.media_dir?",
    );
    expect(await problem("[demo]\nmax_demos = 1")).toContain("did you mean server.max_demos?");
    expect(await problem("[servr]\nbind = 'x'")).toBe("config.toml:1: servr is not a known key, did you mean server?");
    expect(await problem("[completely_other]\nx = 1")).toBe("config.toml:1: completely_other is not a known key");
    expect(await problem("[demo]\n__proto__ = 1\nconstructor = 2")).toContain("demo.constructor is not a known key");
  });

  test("a section that is no table is told apart", async () => {
    expect(await problem("demo = 3")).toBe("config.toml:1: demo: found 3, expected a table [demo]");
    expect(await problem("[[demo]]\nsize = 3")).toBe("config.toml:1: demo: found a list, expected a table [demo]");
  });

  test("inside a list of tables the row is named", async () => {
    const row = (text: string) => problem(`[[demo.map]]\nfrom = '/a'\nto = '/b'\n\n[[demo.map]]\n${text}`);
    expect(await row("from = '/c'\nto = 4")).toBe(
      "config.toml:7: demo.map[1].to: found 4, expected a text that is not empty",
    );
    expect(await row("from = '/c'")).toBe(
      "config.toml:5: demo.map[1]: found a table without to, expected a table with from and to",
    );
    expect(await row("from = '/c'\nto = '/d'\nfrm = 1")).toBe(
      "config.toml:8: demo.map[1].frm is not a known key, did you mean demo.map[1].from?",
    );
    expect(await problem("[demo]\nmap = 3")).toContain("found 3, expected a list of tables with from and to");
  });

  test("bad TOML names line and column, also a key that stands twice", async () => {
    expect(await problem("[demo]\nsize = = 3")).toMatch(/^config\.toml:2:8: not valid TOML: [a-z ]+$/);
    expect(await problem("[demo]\nsize = 1\nsize = 2")).toMatch(/^config\.toml:3:1: not valid TOML: /);
  });

  test("control characters of the file do not reach the terminal", async () => {
    expect(await problem('[demo]\nsize = "\\u001b[31m"\n"\\u001b[2J" = 1')).not.toContain("\u001b");
  });

  test("a long value is cut", async () => {
    expect((await problem(`[demo]\nsize = "${"x".repeat(10_000)}"`)).length).toBeLessThan(200);
  });
});

describe("paths", () => {
  test("in the file they are relative to it, in the environment and in flags to the working directory", async () => {
    const path = await file("[demo]\nfolder = 'a/b'\n[media]\nmedia_dir = '../anime'", join(home, "etc/my.toml"));
    expect((await load({ configPath: path })).plugins.demo).toMatchObject({ folder: join(home, "etc/a/b") });
    expect((await load({ configPath: path })).core.media.media_dir).toBe(join(home, "anime"));
    const env = { ANICARGO_DEMO_FOLDER: "a/b" };
    expect((await load({ configPath: path, env })).plugins.demo).toMatchObject({ folder: join(cwd, "a/b") });
    const flags = { "demo.folder": "./c/" };
    expect((await load({ configPath: path, flags })).plugins.demo).toMatchObject({ folder: join(cwd, "c") });
  });

  test("~ is the home folder, in defaults too", async () => {
    expect((await load()).plugins.demo).toMatchObject({ folder: join(home, "demo") });
    expect((await load()).core.logging.path).toBe(join(home, ".cache/anicargo/logs"));
    const folder = async (text: string) => (await load({ env: { ANICARGO_DEMO_FOLDER: text } })).plugins.demo;
    expect(await folder("~")).toMatchObject({ folder: home });
    expect(await folder("~/x")).toMatchObject({ folder: join(home, "x") });
    expect(await folder("~x")).toMatchObject({ folder: join(cwd, "~x") });
  });

  test("a program without a slash is left for PATH, with one it is a path", async () => {
    await file("[demo]\ntool = 'tool9'");
    expect((await load()).plugins.demo).toMatchObject({ tool: "tool9" });
    await file("[demo]\ntool = './tool9'");
    expect((await load()).plugins.demo).toMatchObject({ tool: join(cwd, "tool9") });
  });

  test("the cache is beside the file, without one below the data folder", async () => {
    const env = { ANICARGO_DATA_DIR: "data" };
    expect((await load({ env })).core.media.cache_dir).toBe(join(cwd, "data/cache"));
    await file("", join(home, "etc/my.toml"));
    expect((await load({ env, configPath: "~/etc/my.toml" })).core.media.cache_dir).toBe(join(home, "etc/.cache"));
  });

  test("R10 a library inside the cache folder is refused, a cache inside the library is not", async () => {
    const config = (media: string, cache: string) => ({
      env: { ANICARGO_MEDIA_DIR: media, ANICARGO_CACHE_DIR: cache },
    });
    expect(await message(config("/a/cache", "/a/cache"))).toContain(
      "media.media_dir is the cache folder or lies in it",
    );
    expect(await message(config("/a/cache/x", "/a/cache"))).toContain("set media.cache_dir");
    expect((await load(config("/a/cache2", "/a/cache"))).core.media.cache_dir).toBe("/a/cache");
    expect((await load(config("/a", "/a/cache"))).core.media.cache_dir).toBe("/a/cache");
  });
});

test("S47 an unknown ANICARGO_ variable is a warning with the nearest name", async () => {
  const env = { ANICARGO_MEDA_DIR: "/x", ANICARGO_CONFIG: "", ANICARGO_QUITE_ELSE: "1", ANICARGOX: "1" };
  expect((await load({ env })).warnings).toEqual([
    "ANICARGO_MEDA_DIR is not a known variable and does nothing, did you mean ANICARGO_MEDIA_DIR?",
    "ANICARGO_QUITE_ELSE is not a known variable and does nothing",
  ]);
});

test("loading twice gives values that do not share their lists", async () => {
  const first = await load();
  first.core.server.rate_limit_allow_users.push("eve");
  expect((await load()).core.server.rate_limit_allow_users).toEqual([]);
});
