/** Deleting a plugin = its folder and its lines in plugins/index.ts: what is left compiles, boots and passes. */
import { afterAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plugins } from "../../plugins/index.ts";

const root = join(import.meta.dir, "../..");
const names = readdirSync(join(root, "plugins"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const copies: string[] = [];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** A plugin, and all that cannot be without it. */
const withDependents = (name: string): string[] => [
  name,
  ...plugins.filter(({ requires }) => requires?.includes(name)).flatMap((plugin) => withDependents(plugin.name)),
];

/** Only the whole app knows which plugins there are: what else another plugin's tests could miss is a module, and the compiler says so. */
function testsOfWholeApp(name: string): string[] {
  const folder = `test/plugins/${name}`;
  const files = [...new Bun.Glob("**/*.test.ts").scanSync(join(root, folder))].map((file) => `${folder}/${file}`);
  return files.filter((file) => readFileSync(join(root, file), "utf8").includes("helpers/app.ts")).sort();
}

/** The one of its name, and those that use its modules or its tests' fixtures. */
const benchesOf = (name: string): string[] =>
  [...new Bun.Glob("scripts/bench/*.ts").scanSync(root)].filter(
    (script) =>
      script === `scripts/bench/${name}.ts` || readFileSync(join(root, script), "utf8").includes(`plugins/${name}/`),
  );

/** A copy of the checkout without some plugins. */
function without(gone: readonly string[]): string {
  const copy = mkdtempSync(join(tmpdir(), `anicargo-without-${gone[0]}-`));
  copies.push(copy);
  for (const part of ["src", "plugins", "test", "scripts", "package.json", "bunfig.toml", "tsconfig.json"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  for (const part of ["node_modules", "build"]) symlinkSync(join(root, part), join(copy, part));
  for (const name of gone) {
    rmSync(join(copy, "plugins", name), { recursive: true });
    // What tests and measures it goes with it.
    rmSync(join(copy, "test/plugins", name), { recursive: true, force: true });
    for (const script of benchesOf(name)) rmSync(join(copy, script));
  }
  const list = join(copy, "plugins/index.ts");
  const kept = readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => !gone.some((name) => line.includes(`"./${name}/`) || line.trim() === `${name},`));
  writeFileSync(list, kept.join("\n"));
  return copy;
}

async function run(cwd: string, ...argv: string[]): Promise<{ code: number; output: string }> {
  const child = Bun.spawn(argv, {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, CI: "" },
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, output: out + err };
}

describe.each(names)("without the plugin %s", (name) => {
  const gone = withDependents(name);
  const copy = without(gone);

  test("the rest compiles", async () => {
    const { code, output } = await run(copy, join(root, "node_modules/.bin/tsc"), "--noEmit");
    expect(output).toBe("");
    expect(code).toBe(0);
  }, 120_000);

  test("the rest boots, answers and passes the tests of the whole app and those of other plugins that see it", async () => {
    const others = names.filter((other) => !gone.includes(other)).flatMap(testsOfWholeApp);
    const { code, output } = await run(copy, process.execPath, "test", "test/src/app.test.ts", ...others);
    expect(output).toContain(" 0 fail");
    expect(code).toBe(0);
  }, 300_000);
});
