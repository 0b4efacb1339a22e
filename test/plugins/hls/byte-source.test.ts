import { beforeAll, expect, test } from "bun:test";
import { rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSource } from "../../../plugins/hls/byte-source.ts";
import { Damaged } from "../../../plugins/hls/reader/model.ts";
import { newFolder } from "./fixtures.ts";

const SIZE = 5_000_000;
const bytes = new Uint8Array(SIZE).map((_, place) => (place * 2654435761) >>> 24);
let path: string;
beforeAll(async () => {
  path = join(newFolder(), "source");
  await writeFile(path, bytes);
});

test("gives the bytes at a place", async () => {
  const source = await openSource(path);
  expect(source.size).toBe(SIZE);
  expect(Buffer.compare(await source.read(1_234_567, 2_000_000), bytes.subarray(1_234_567, 3_234_567))).toBe(0);
  await source.close();
});

test("gives fewer bytes only where the file ends", async () => {
  const source = await openSource(path);
  expect(await source.read(SIZE - 3, 1 << 30)).toEqual(bytes.slice(-3));
  expect(await source.read(SIZE, 10)).toHaveLength(0);
  expect(await source.read(2 ** 50, 10)).toHaveLength(0);
  expect(await source.read(0, 0)).toHaveLength(0);
  await source.close();
});

test("lets reads run side by side, and closing waits for them", async () => {
  const source = await openSource(path);
  const places = Array.from({ length: 100 }, (_, turn) => (turn * 104_729) % (SIZE - 40_000));
  const reads = places.map((place) => source.read(place, 40_000));
  await source.close();
  const parts = await Promise.all(reads);
  for (const [turn, place] of places.entries())
    expect(Buffer.compare(parts[turn]!, bytes.subarray(place, place + 40_000))).toBe(0);
  await expect(source.read(0, 1)).rejects.toThrow();
});

test("stays with the file that was opened when another takes its name", async () => {
  const mine = join(newFolder(), "mine");
  await writeFile(mine, "first");
  const source = await openSource(mine);
  await writeFile(`${mine}.new`, "other");
  await rename(`${mine}.new`, mine);
  expect(Buffer.from(await source.read(0, 5)).toString()).toBe("first");
  await source.close();
});

test("gives what is left of a file that was cut short meanwhile", async () => {
  const mine = join(newFolder(), "mine");
  await writeFile(mine, "0123456789");
  const source = await openSource(mine);
  await truncate(mine, 4);
  expect(Buffer.from(await source.read(2, 8)).toString()).toBe("23");
  await source.close();
});

test("refuses a folder, a FIFO (without waiting for its writer) and a missing file", async () => {
  const folder = newFolder();
  const pipe = join(folder, "pipe");
  Bun.spawnSync(["mkfifo", pipe]);
  await expect(openSource(folder)).rejects.toThrow(Damaged);
  await expect(openSource(pipe)).rejects.toThrow(Damaged);
  await expect(openSource(join(folder, "missing"))).rejects.toThrow("ENOENT");
});
