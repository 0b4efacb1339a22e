import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LogFilesOptions, openLogFiles } from "../../src/log-files.ts";

let root: string;
let folder: string;
let failures: Error[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "anicargo-logs-"));
  folder = join(root, "deep/logs");
  failures = [];
});
afterEach(() => rm(root, { recursive: true }));

const open = (options: Partial<LogFilesOptions> = {}) =>
  openLogFiles({ folder, maxBytes: 1_000_000, onFailure: (error) => failures.push(error), ...options });

const noon = (day: string) => () => new Date(`2026-11-${day}T12:00:00Z`);
const names = async () => (await readdir(folder)).sort();
const total = async () => {
  const files = (await names()).filter((name) => name.startsWith("anicargo-2"));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

test("lines are appended in order to the file of the day, the folder is made", async () => {
  for (const batch of [["one", "two"], ["three"]]) {
    const files = open({ now: noon("22") });
    for (const line of batch) files.write(line);
    await files.close();
  }
  expect(await names()).toEqual(["anicargo-2026-11-22.log"]);
  expect(await readFile(join(folder, "anicargo-2026-11-22.log"), "utf8")).toBe("one\ntwo\nthree\n");
  expect((await stat(join(folder, "anicargo-2026-11-22.log"))).mode & 0o027).toBe(0);
});

test("a new day (UTC) begins a new file", async () => {
  let now = new Date("2026-11-22T23:59:59Z");
  const files = open({ now: () => now });
  files.write("before");
  await files.close();
  now = new Date("2026-11-23T00:00:00Z");
  files.write("after");
  await files.close();
  expect(await names()).toEqual(["anicargo-2026-11-22.log", "anicargo-2026-11-23.log"]);
});

describe("R29 the cap", () => {
  const line = "x".repeat(999);

  test("holds for what one day writes; the newest lines stay", async () => {
    const files = open({ maxBytes: 100_000, now: noon("22") });
    for (let n = 0; n < 1000; n++) {
      files.write(`${n} ${line}`);
      if (n % 5 === 0) await files.close();
      if (n % 50 === 0) expect(await total()).toBeLessThanOrEqual(100_000);
    }
    await files.close();
    expect(await total()).toBeLessThanOrEqual(100_000);
    expect(await total()).toBeGreaterThan(50_000);
    const parts = await names();
    const newest = parts.sort((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1])).at(-1)!;
    expect((await readFile(join(folder, newest), "utf8")).split("\n").at(-2)).toStartWith("999 ");
  });

  test("holds across days: the oldest day goes first, whatever the files' times say", async () => {
    await mkdir(folder, { recursive: true });
    for (const day of ["18", "19", "20", "21"]) {
      const path = join(folder, `anicargo-2026-11-${day}.log`);
      await writeFile(path, "x".repeat(30_000));
      await utimes(path, 1_800_000_000 - Number(day), 1_800_000_000 - Number(day));
    }
    const files = open({ maxBytes: 100_000, now: noon("22") });
    files.write(line);
    await files.close();
    expect(await names()).toEqual(["anicargo-2026-11-20.log", "anicargo-2026-11-21.log", "anicargo-2026-11-22.log"]);
  });

  test("the tenth part is newer than the second", async () => {
    await mkdir(folder, { recursive: true });
    for (let part = 1; part <= 10; part++) {
      await writeFile(join(folder, `anicargo-2026-11-21.${part}.log`), "x".repeat(20_000));
    }
    const files = open({ maxBytes: 100_000, now: noon("22") });
    files.write(line);
    await files.close();
    expect(await names()).toEqual(
      [8, 9, 10]
        .map((part) => `anicargo-2026-11-21.${part}.log`)
        .sort()
        .concat("anicargo-2026-11-22.log"),
    );
  });

  test("a restart goes on with the newest part, although the first ones are gone", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "anicargo-2026-11-22.11.log"), "x".repeat(9_990));
    await writeFile(join(folder, "anicargo-2026-11-22.12.log"), "begun\n");
    const files = open({ maxBytes: 100_000, now: noon("22") });
    files.write("on");
    await files.close();
    expect(await names()).toEqual(["anicargo-2026-11-22.11.log", "anicargo-2026-11-22.12.log"]);
    expect(await readFile(join(folder, "anicargo-2026-11-22.12.log"), "utf8")).toBe("begun\non\n");
  });

  test("a part that another process removed is not begun again as the oldest", async () => {
    const files = open({ maxBytes: 100_000, now: noon("22") });
    files.write("one");
    await files.close();
    await rm(join(folder, "anicargo-2026-11-22.log"));
    await writeFile(join(folder, "anicargo-2026-11-22.7.log"), "of the other\n");
    files.write("two");
    await files.close();
    expect(await names()).toEqual(["anicargo-2026-11-22.7.log"]);
    expect(await readFile(join(folder, "anicargo-2026-11-22.7.log"), "utf8")).toBe("of the other\ntwo\n");
  });

  test("what is not ours is not counted and not touched", async () => {
    await mkdir(join(folder, "anicargo-2026-01-01.log"), { recursive: true });
    const foreign = ["notes.log", "anicargo-old.log", "anicargo-2026-01-02.log.gz", "anicargo-2026-01-03.txt"];
    for (const name of foreign) await writeFile(join(folder, name), "x".repeat(500_000));
    await symlink("notes.log", join(folder, "anicargo-2026-01-04.log"));
    const files = open({ maxBytes: 100_000, now: noon("22") });
    for (let n = 0; n < 300; n++) {
      files.write(line);
      if (n % 5 === 0) await files.close();
    }
    await files.close();
    expect(await names()).toEqual(
      expect.arrayContaining([...foreign, "anicargo-2026-01-01.log", "anicargo-2026-01-04.log"]),
    );
    expect(failures).toEqual([]);
  });

  test("holds for two processes on one folder, and neither loses its end", async () => {
    const script = join(root, "writer.ts");
    const source = join(import.meta.dir, "../../src/log-files.ts");
    await writeFile(
      script,
      `import { openLogFiles } from ${JSON.stringify(source)};
       const files = openLogFiles({ folder: ${JSON.stringify(folder)}, maxBytes: 200_000, onFailure: (error) => { throw error; } });
       for (let n = 0; n < 3000; n++) { files.write(process.argv[2] + n + " " + "x".repeat(500)); if (n % 10 === 0) await files.close(); }
       files.write(process.argv[2] + "end"); await files.close();`,
    );
    const writers = ["a", "b"].map((name) => Bun.spawn([process.execPath, script, name], { stderr: "inherit" }));
    expect(await Promise.all(writers.map((writer) => writer.exited))).toEqual([0, 0]);
    expect(await total()).toBeLessThanOrEqual(200_000);
    const text = (await Promise.all((await names()).map((name) => readFile(join(folder, name), "utf8")))).join("");
    expect(text.split("\n").filter((line) => !/^[ab](\d+ x{500}|end)$/.test(line) && line !== "")).toEqual([]);
  });
});

describe("when the disk does not take it", () => {
  test("a folder that cannot be made is told once, and nothing throws", async () => {
    await writeFile(join(root, "deep"), "a file in the way");
    const files = open();
    for (let n = 0; n < 3; n++) {
      files.write("line");
      await files.close();
    }
    expect(failures.length).toBe(1);
    await rm(join(root, "deep"));
    files.write("again");
    await files.close();
    expect((await names()).length).toBe(1);
  });

  test("a full disk is told once", async () => {
    await mkdir(folder, { recursive: true });
    await symlink("/dev/full", join(folder, "anicargo-2026-11-22.log"));
    const files = open({ now: noon("22") });
    for (let n = 0; n < 3; n++) {
      files.write("line");
      await files.close();
    }
    expect(failures.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(["ENOSPC"]);
  });

  test("a folder that is removed is made again", async () => {
    const files = open();
    files.write("one");
    await files.close();
    await rm(folder, { recursive: true });
    files.write("lost or kept");
    await files.close();
    files.write("kept");
    await files.close();
    expect(await readFile(join(folder, (await names())[0]!), "utf8")).toContain("kept\n");
    expect(failures.length).toBeLessThanOrEqual(1);
  });

  test("S41 lines that come faster than the disk takes them are dropped and counted", async () => {
    const files = open({ maxBytes: 10_000 });
    for (let n = 0; n < 100; n++) files.write("x".repeat(99));
    await files.close();
    files.write("later");
    await files.close();
    const text = (await Promise.all((await names()).map((name) => readFile(join(folder, name), "utf8")))).join("");
    const kept = text.match(/^x+$/gm)?.length ?? 0;
    expect(kept).toBeLessThan(20);
    expect(text).toContain(`(${100 - kept} lines dropped: the disk is too slow)\n`);
    expect(text).toContain("later\n");
  });
});
