import { expect, test } from "bun:test";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { plugins } from "../../plugins/index.ts";
import { configExample } from "../../scripts/config-example.ts";
import { collectLeaves } from "../../src/config/leaves.ts";
import { loadConfig } from "../../src/config/load.ts";
import { coreSections } from "../../src/config/schema.ts";

const example = await Bun.file(new URL("../../config.toml.example", import.meta.url)).text();
const uncommented = example.replaceAll(/^#(?=[a-z_]+ = |\[\[)|^#(?=from = |to = )/gm, "");
const sections = plugins.map(({ name, config }) => ({ name, schema: config }));
const leaves = collectLeaves([
  ...Object.entries(coreSections).map(([name, schema]) => ({ name, schema })),
  ...sections,
]);

async function load(text: string) {
  const folder = await mkdtemp(join(tmpdir(), "anicargo-example-"));
  try {
    await writeFile(join(folder, "config.toml"), text);
    await chmod(join(folder, "config.toml"), 0o600);
    return await loadConfig({ sections, flags: {}, env: {}, cwd: folder, home: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("config.toml.example is what `bun scripts/config-example.ts` writes", () => {
  expect(example).toBe(configExample());
});

test("it holds every key, those with a constant default set to it", async () => {
  const active = parse(example) as Record<string, Record<string, unknown>>;
  const all = parse(uncommented) as Record<string, Record<string, unknown>>;
  for (const { key, section, name, schema } of leaves) {
    expect({ key, there: name in (all[section] ?? {}) }).toEqual({ key, there: true });
    if (name in (active[section] ?? {}))
      expect({ key, value: active[section]?.[name] }).toEqual({ key, value: schema.default });
    else
      expect({ key, constant: schema.defaultText === undefined && schema.default }).toEqual({
        key,
        constant: schema.items ? [] : false,
      });
  }
});

test("as it stands it changes nothing", async () => {
  const values = ({ settings }: Awaited<ReturnType<typeof load>>) =>
    settings.filter(({ key }) => !/_dir$|^logging\.path$/.test(key)).map(({ key, value }) => [key, value]);
  expect(values(await load(example))).toEqual(values(await load("")));
});

test("with every line uncommented it loads, each key from the file", async () => {
  const { settings, warnings } = await load(uncommented);
  expect(settings.filter(({ source }) => source !== "file").map(({ key }) => key)).toEqual([]);
  expect(warnings).toEqual([]);
});
