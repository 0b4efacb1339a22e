import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireMediaDir } from "../../../src/config/media-dir.ts";
import { ConfigError, NoInput } from "../../../src/errors.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anicargo-media-"));
});
afterAll(() => rm(folder, { recursive: true }));

const required = (media_dir: string | undefined) => requireMediaDir({ media: { media_dir, cache_dir: "/cache" } });

test("gives the folder when it is there", async () => {
  expect(await required(folder)).toBe(folder);
});

test("without one the error names the key and the variable", async () => {
  const error = await required(undefined).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message).toMatch(/media\.media_dir.*ANICARGO_MEDIA_DIR/);
  expect((error as ConfigError).exitCode).toBe(78);
});

test("one that is missing, or no folder, is a missing input", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const path of [join(folder, "gone"), file, join(file, "below")]) {
    const error = await required(path).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NoInput);
    expect((error as NoInput).message).toContain(path);
    expect((error as NoInput).exitCode).toBe(66);
  }
});
