import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReader } from "../../../plugins/matching/aliases/making/readings.ts";
import { aliasRows, type Item, identity, prepare } from "../../../plugins/matching/prepare.ts";

const root = join(import.meta.dir, "../../..");
const folder = mkdtempSync(join(tmpdir(), "anicargo-aliases-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "aliases.zst");

test("the index is made once, with the same bytes every time, and anew when its recipe changes", async () => {
  expect(await prepare(folder)).toMatch(/^titles of 8\d{3} works of bangumi-data \d/);
  const first = await Bun.file(file).bytes();
  expect(first.length).toBeLessThan(1_200_000);
  expect(await Bun.file(join(root, "build/aliases.zst")).bytes()).toEqual(first);
  const { mtimeMs } = statSync(file);
  expect(await prepare(folder)).toContain("up to date");
  expect(statSync(file).mtimeMs).toBe(mtimeMs);

  writeFileSync(join(folder, "aliases.id"), "of another recipe");
  expect(await prepare(folder)).toContain("titles of");
  expect(await Bun.file(file).bytes()).toEqual(first);
}, 180_000);

test("a row has the facts of a work and its titles, the original first", async () => {
  const sites = [
    { site: "bangumi", id: "7" },
    { site: "aniList", id: "8" },
    { site: "mal", id: "9" },
    { site: "youtube" },
  ];
  const item: Item = {
    title: "葬送のフリーレン",
    titleTranslate: { "zh-Hans": ["葬送的芙莉莲"], en: ["Frieren: Beyond Journey's End"] },
    type: "movie",
    officialSite: "https://frieren-anime.jp/",
    begin: "2023-09-29T14:00:00.000Z",
    sites,
  };
  const reader = await openReader(join(root, "node_modules"));
  const rows = aliasRows(
    [item, { ...item, title: "shown again", sites: [sites[0]!, { site: "mal", id: "10" }] }, { ...item, sites: [] }],
    reader,
  );
  expect(rows).toHaveLength(1);
  const [bangumi, platform, date, anilist, myanimelist, titles] = rows[0]!;
  expect({ bangumi, platform, date, anilist, myanimelist }).toEqual({
    bangumi: 7,
    platform: "剧场版",
    date: "2023-09-29",
    anilist: [8],
    myanimelist: [9, 10],
  });
  expect(titles.slice(0, 3)).toEqual(["葬送のフリーレン", "葬送的芙莉莲", "Frieren: Beyond Journey's End"]);
  expect(titles).toContain("shown again");
  expect(titles).toContain("sousou no frieren");
  expect(titles.at(-1)).toBe("frieren");
}, 60_000);

test("a file that the index is said to depend on and that is not there is an error, not an index that stays as it was", async () => {
  await expect(identity(["plugins/matching/gone.ts"])).rejects.toThrow("nothing is called plugins/matching/gone.ts");
});
