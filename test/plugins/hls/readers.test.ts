import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { readOurselves } from "../../../plugins/hls/analyse.ts";
import type { Container } from "../../../plugins/hls/reader/model.ts";
import { createReaders, type Readers } from "../../../plugins/hls/readers.ts";
import { until } from "../../helpers/until.ts";
import { fixture, newFolder } from "./fixtures.ts";

setDefaultTimeout(30_000);

let readers: Readers;
afterEach(() => readers.close());

async function film(name: "h264-aac.mkv" | "h264-aac.mp4") {
  const file = join(newFolder(), name);
  await copyFile(await fixture(name), file);
  return { file, index: (await readOurselves(file))!.cut!.container };
}

/** How often a file is open in this process. */
const handles = (file: string): number =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(file);
    } catch {
      return false;
    }
  }).length;

const first = (container: Container) => container.keyframe(0);

test.each(["h264-aac.mkv", "h264-aac.mp4"] as const)(
  "%s is opened once for all who read it, and closed after a while",
  async (name) => {
    readers = createReaders(20);
    const { file, index } = await film(name);
    const frames = await Promise.all(Array.from({ length: 20 }, () => readers.with(file, "1", index, first)));
    expect(new Set(frames.map(({ data }) => Bun.hash(data))).size).toBe(1);
    expect(handles(file)).toBe(1);
    await until(() => handles(file) === 0);
    expect((await readers.with(file, "1", index, first)).key).toBeTrue();
  },
);

test("one that is in use is not closed", async () => {
  readers = createReaders(1);
  const { file, index } = await film("h264-aac.mkv");
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = readers.with(file, "1", index, async (container) => {
    await promise;
    return first(container);
  });
  await readers.with(file, "1", index, first);
  readers.close();
  expect(handles(file)).toBe(1);
  resolve();
  expect((await slow).key).toBeTrue();
  await until(() => handles(file) === 0);
});

test("a file that was replaced is opened anew", async () => {
  readers = createReaders();
  const { file, index } = await film("h264-aac.mkv");
  await readers.with(file, "1", index, first);
  const fresh = `${file}.new`;
  await copyFile(file, fresh);
  await rename(fresh, file);
  await readers.with(file, "2", index, first);
  expect(handles(file)).toBe(2);
});

test("what fails is not kept", async () => {
  readers = createReaders();
  const { file, index } = await film("h264-aac.mkv");
  await expect(readers.with(`${file}.none`, "1", index, first)).rejects.toThrow("ENOENT");
  await expect(readers.with(file, "1", index, () => Promise.reject(new Error("odd")))).rejects.toThrow("odd");
  await until(() => handles(file) === 0);
});
