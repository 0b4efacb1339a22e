import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, preparePlugins } from "../../scripts/prepare.ts";

const folder = mkdtempSync(join(tmpdir(), "anicargo-prepare-"));
afterAll(() => rmSync(folder, { recursive: true }));
const archive = join(folder, "postgres.tar.zst");
const info = () => Bun.file(join(folder, "postgres.json")).json();
const here = `${process.platform}-${process.arch}`;

test("the archive holds the server and nothing that it does not need, and is packed once", async () => {
  expect(await prepare(here, folder)).toMatch(/PostgreSQL \d+\.\d+ packed/);
  expect(await info()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+$/), target: here });
  const tar = new Bun.Archive(await Bun.zstdDecompress(await Bun.file(archive).bytes()));
  const names = [...(await tar.files()).keys()];
  for (const needed of ["bin/postgres", "bin/initdb", "lib/libpq.so.5", "lib/postgresql/plpgsql.so"])
    expect(names).toContain(needed);
  expect(names.filter((name) => /\.a$|include|pkgconfig|ecpg|pg_ctl/.test(name))).toEqual([]);

  const { mtimeMs } = statSync(archive);
  expect(await prepare(here, folder)).toContain("up to date");
  expect(statSync(archive).mtimeMs).toBe(mtimeMs);
}, 60_000);

test("a target without a package gets an empty archive, and another target replaces it", async () => {
  expect(await prepare("linux-x64-musl", folder)).toContain("the archive is empty");
  expect(statSync(archive).size).toBe(0);
  expect(await info()).toEqual({ id: "none", version: "", target: "none" });
  await prepare(here, folder);
  expect(statSync(archive).size).toBeGreaterThan(1_000_000);
}, 60_000);

test("a plugin that carries something makes it, and the others are left alone", async () => {
  for (const name of ["with", "without"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "with/prepare.ts"), 'export const prepare = async () => "made";');
  expect(await preparePlugins(folder)).toEqual(["with: made"]);
});
