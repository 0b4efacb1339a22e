/** The import order of ARCHITECTURE.md, held by the imports themselves. */
import { describe, expect, test } from "bun:test";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../..");

/** Lowest first: a file imports from its own layer's folder or from lower layers. The first match counts. */
const LAYERS: readonly (readonly [layer: string, pattern: RegExp])[] = [
  ["lib", /^src\/lib\//],
  ["ground", /^src\/(errors|command|terminal|log|log-\w+|version)\.ts$|^src\/jobs\/job\.ts$|^src\/config\//],
  ["db", /^src\/db\//],
  ["queue", /^src\/jobs\/(queue|backoff)\.ts$/],
  ["core", /^src\/core\.ts$/],
  ["http", /^src\/http\/|^src\/jobs\//],
  ["features", /^src\/(users|library)\/|^src\/jobs\/(routes|service)\.ts$/],
  ["plugin", /^src\/plugin\.ts$/],
  ["app", /^src\/(app|compose)\.ts$/],
  ["cli", /^src\/(cli|argv|serve|doctor|healthcheck)\.ts$/],
  ["main", /^src\/main\.ts$/],
];
const layerOf = (file: string): number => LAYERS.findIndex(([, pattern]) => pattern.test(file));

const SQL_FILES = /(^|\/)(store|queue)\.ts$|^src\/db\//;

interface Module {
  file: string;
  source: string;
  imports: string[];
}

const transpiler = new Bun.Transpiler({ loader: "ts" });

/** Type imports count as well: they are a dependency of the reader, if not of the program. */
async function modules(folder: string): Promise<Module[]> {
  const found: Module[] = [];
  for await (const name of new Glob("**/*.ts").scan({ cwd: join(root, folder) })) {
    const file = `${folder}/${name}`;
    if (file.endsWith(".d.ts")) continue;
    const source = await Bun.file(join(root, file)).text();
    const runtime = transpiler.scanImports(source).map(({ path }) => path);
    const types = [...source.matchAll(/^\s*(?:import|export) (?:type )?[^;"']*from "([^"]+)"/gm)].map(
      ([, path]) => path!,
    );
    const imports = [...new Set([...runtime, ...types])].map((path) =>
      path.startsWith(".") ? normalize(join(dirname(file), path)) : path,
    );
    found.push({ file, source, imports });
  }
  return found;
}

const core = await modules("src");
const features = await modules("plugins");

describe("the import order", () => {
  test("every file of src/ has a layer", () => {
    expect(core.map(({ file }) => file).filter((file) => layerOf(file) === -1)).toEqual([]);
  });

  test("src/ imports downward only", () => {
    const upward = core.flatMap(({ file, imports }) =>
      imports
        .filter((path) => path.startsWith("src/") && path.endsWith(".ts") && layerOf(path) > layerOf(file))
        .map((path) => `${file} imports ${path}`),
    );
    expect(upward).toEqual([]);
  });

  test("only main.ts imports plugins/", () => {
    const guilty = core.filter(({ imports }) => imports.some((path) => path.startsWith("plugins/")));
    expect(guilty.map(({ file }) => file)).toEqual(["src/main.ts"]);
  });

  test("src/ names no feature", () => {
    const names = features.map(({ file }) => file.split("/")[1]!).filter((name) => !name.endsWith(".ts"));
    const pattern = new RegExp(`\\b(${[...new Set(names)].join("|")})\\b`);
    // A path that players know by heart is not a feature's name: the masks of the log must know it.
    const guilty = core.filter(({ file, source }) => file !== "src/log-mask.ts" && pattern.test(stripComments(source)));
    expect(guilty.map(({ file }) => file)).toEqual([]);
  });

  test("a plugin imports the contract, src/lib, its own folder, and services or models of what it requires", () => {
    const guilty = features.flatMap(({ file, imports }) => {
      const own = file.split("/").slice(0, 2).join("/");
      if (own === "plugins/index.ts") return [];
      return imports
        .filter((path) => path.startsWith("src/") || path.startsWith("plugins/"))
        .filter((path) => path !== "src/plugin.ts" && !path.startsWith("src/lib/") && !path.startsWith(`${own}/`))
        .filter((path) => !(/\/(service|model)\.ts$/.test(path) && required(own).includes(path.split("/")[1]!)))
        .map((path) => `${file} imports ${path}`);
    });
    expect(guilty).toEqual([]);
  });

  test("SQL lives in stores, in the queue and in src/db", () => {
    const guilty = [...core, ...features].filter(
      ({ file, source }) => !SQL_FILES.test(file) && /\b(sql|tx|db)`/.test(stripComments(source)),
    );
    expect(guilty.map(({ file }) => file)).toEqual([]);
  });

  test("a store knows no HTTP, and a service neither HTTP nor Elysia", () => {
    const guilty = [...core, ...features].filter(
      ({ file, imports }) =>
        /\/(store|service|queue)\.ts$/.test(file) && imports.some((path) => /elysia|\/http\//.test(path)),
    );
    expect(guilty.map(({ file }) => file)).toEqual([]);
  });
});

const stripComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "");

/** The names in a plugin's `requires`. */
function required(folder: string): string[] {
  const index = features.find(({ file }) => file === `${folder}/index.ts`);
  const list = /requires: \[([^\]]*)\]/.exec(index?.source ?? "")?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
}
