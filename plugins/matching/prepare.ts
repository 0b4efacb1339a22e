/**
 * Makes the index of titles that the plugin carries: `build/aliases.zst`, from the npm package `bangumi-data` and, for titles
 * in Japanese, the romaji that release names use. `scripts/prepare.ts` runs it; the same input makes the same bytes.
 */
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { mine, pairs } from "./aliases/making/loanwords.ts";
import { nicknames } from "./aliases/making/nicknames.ts";
import { openReader, type Reader } from "./aliases/making/readings.ts";
import { romajiTitles } from "./aliases/making/romaji.ts";
import { shortTitles } from "./aliases/making/short-titles.ts";
import { type AliasRow, aliasRow, packAliases } from "./aliases/works.ts";

const ROOT = join(import.meta.dir, "../..");
const PACKAGES = join(ROOT, "node_modules");
/** What the bytes depend on, beside the packages. */
const SOURCES = [
  "plugins/matching/{prepare,kana,normalize}.ts",
  "plugins/matching/aliases/works.ts",
  "plugins/matching/aliases/making/*.ts",
  "src/lib/{title-season,numeral}.ts",
];

/** A work as `bangumi-data` writes it; only what is used. */
export interface Item {
  title: string;
  titleTranslate?: Record<string, string[]>;
  type: "tv" | "web" | "movie" | "ova";
  officialSite?: string;
  /** ISO 8601, or empty. */
  begin: string;
  sites: { site: string; id?: string }[];
}

const PLATFORMS: Record<Item["type"], string> = { tv: "TV", web: "WEB", movie: "剧场版", ova: "OVA" };

/** `bangumi-data` has a few works in two items, one for each time they were shown. */
function merged(items: readonly Item[]): Item[] {
  const byId = new Map<string, Item>();
  for (const item of items) {
    const id = item.sites.find(({ site }) => site === "bangumi")?.id;
    if (!id) continue;
    const before = byId.get(id);
    byId.set(id, before ? together(before, item) : item);
  }
  return [...byId.values()];
}

const together = (first: Item, second: Item): Item => ({
  ...first,
  titleTranslate: {
    all: [first, second].flatMap(({ title, titleTranslate = {} }) => [title, ...Object.values(titleTranslate).flat()]),
  },
  sites: [...first.sites, ...second.sites],
});

/** @returns a row for each work that has a Bangumi id */
export function aliasRows(all: readonly Item[], reader: Reader): AliasRow[] {
  const items = merged(all);
  const translations = items.map(({ titleTranslate }) => Object.values(titleTranslate ?? {}).flat());
  const spoken = items.map(({ title }, at) => ({
    title,
    latin: translations[at]!.map((text) => text.replaceAll("@", "a")),
  }));
  const mined = mine(spoken);
  const nicks = nicknames(items);
  const shorts = shortTitles(items);

  return items.map(({ title, type, begin, sites }, at) => {
    const ids = (name: string) => sites.filter(({ site, id }) => site === name && id).map(({ id }) => Number(id));
    const spellings = new Map([...mined, ...pairs(title, spoken[at]!.latin)]);
    const short = shorts[at];
    const facts = {
      bangumi: ids("bangumi")[0]!,
      platform: PLATFORMS[type],
      date: begin.slice(0, 10),
      anilist: [...new Set(ids("aniList"))],
      myanimelist: [...new Set(ids("mal"))],
    };
    return aliasRow(facts, [
      title,
      ...translations[at]!,
      ...romajiTitles(reader, title, spellings),
      ...(short === undefined ? [] : [short, ...romajiTitles(reader, short, spellings)]),
      ...nicks[at]!,
    ]);
  });
}

const versionOf = async (name: string): Promise<string> =>
  (await Bun.file(join(PACKAGES, name, "package.json")).json()).version;

/** Changes with everything that the bytes depend on. */
export async function identity(sources: readonly string[] = SOURCES): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for (const name of ["bangumi-data", "kuromoji", "opencc-js"]) hash.update(`${name} ${await versionOf(name)}\n`);
  for (const pattern of sources) {
    const paths = [...new Bun.Glob(pattern).scanSync(ROOT)].sort();
    if (paths.length === 0)
      throw new Error(`nothing is called ${pattern}: mend SOURCES in plugins/matching/prepare.ts`);
    for (const path of paths) hash.update(await Bun.file(join(ROOT, path)).bytes());
  }
  return hash.digest("hex").slice(0, 16);
}

/** @returns what was done, for people */
export async function prepare(folder = join(ROOT, "build")): Promise<string> {
  const file = join(folder, "aliases.zst");
  const mark = join(folder, "aliases.id");
  const wanted = await identity();
  const there = existsSync(file) && existsSync(mark) ? (await Bun.file(mark).text()).trim() : undefined;
  if (there === wanted) return `titles up to date (${wanted})`;

  const { items }: { items: Item[] } = await Bun.file(join(PACKAGES, "bangumi-data/dist/data.json")).json();
  const rows = aliasRows(items, await openReader(PACKAGES));
  const bytes = packAliases(rows);
  await mkdir(folder, { recursive: true });
  // Another process may be reading it.
  await Bun.write(`${file}.${process.pid}.tmp`, bytes);
  await rename(`${file}.${process.pid}.tmp`, file);
  await Bun.write(mark, `${wanted}\n`);
  return `titles of ${rows.length} works of bangumi-data ${await versionOf("bangumi-data")} (${(bytes.length / 1e6).toFixed(1)} MB)`;
}
