import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { CoreConfig } from "../../src/config/schema.ts";
import { LEVELS, type Level } from "../../src/lib/level.ts";
import { createLogger } from "../../src/log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "anicargo-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

function logger(config: Partial<CoreConfig["logging"]> = {}, isTTY = false) {
  let written = "";
  const stream = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        written += chunk;
        done();
      },
    }),
    { isTTY },
  );
  const settings = { enabled: false, path: join(folder, "logs"), level: "info", max_total_mb: 1, ...config } as const;
  return {
    log: createLogger(settings, { stream }),
    lines: () => written.split("\n").filter((line) => line !== ""),
  };
}

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;

test("a line is plain where no terminal is", () => {
  const { log, lines } = logger();
  log.info("listening", { url: "http://nas:3000" });
  log.child("hls").warn("slow", { secs: 3 });
  const [first, second, ...more] = lines();
  expect(first).toMatch(new RegExp(`^${TIME} INFO listening url=http://nas:3000$`));
  expect(second).toMatch(new RegExp(`^${TIME} WARN hls slow secs=3$`));
  expect(more).toEqual([]);
});

for (const level of LEVELS) {
  test(`level ${level} logs itself and what is worse`, () => {
    const { log, lines } = logger({ level });
    for (const name of LEVELS) log[name](`says ${name}`);
    const expected = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
    expect(lines().map((line) => line.split(" ").slice(1).join(" "))).toEqual(
      expected.map((name: Level) => `${name.toUpperCase()} says ${name}`),
    );
  });
}

test("a child of a child carries both tags", () => {
  const { log, lines } = logger();
  log.child("hls").child("ffmpeg").info("ended");
  expect(lines()[0]).toEndWith("INFO hls:ffmpeg ended");
});

test("equal lines are all logged", () => {
  const { log, lines } = logger();
  for (let n = 0; n < 20; n++) log.warn("again");
  expect(lines().length).toBe(20);
});

test("a percent sign, an object-like text and an empty text are only text", () => {
  const { log, lines } = logger();
  log.info("100% %s %d %o");
  log.info('{"message":"x"}');
  log.info("");
  expect(lines().map((line) => line.slice(21))).toEqual(["INFO 100% %s %d %o", 'INFO {"message":"x"}', "INFO"]);
});

test("on a terminal each message is one line too, without the time in front", () => {
  const { log, lines } = logger({ level: "trace" }, true);
  for (const name of LEVELS) log.child("hls")[name](`says ${name}`);
  const shown = lines().map((line) => Bun.stripANSI(line));
  expect(shown.length).toBe(LEVELS.length);
  for (const [index, name] of LEVELS.entries()) {
    expect(shown[index]).toContain(`says ${name}`);
    expect(shown[index]).toContain("hls");
    expect(shown[index]).not.toMatch(new RegExp(`^${TIME}`));
  }
});

test("stacks are told at debug level only", () => {
  const error = new Error("broke", { cause: new Error("deep") });
  const at = (level: Level) => {
    const { log, lines } = logger({ level });
    log.error("failed", { error });
    return lines()[0]!;
  };
  expect(at("info")).toEndWith("ERROR failed error=broke");
  expect(at("debug")).toContain("caused by: Error: deep");
});

test("files get the same plain lines as the terminal, also beside a pretty one", async () => {
  for (const isTTY of [false, true]) {
    const { log } = logger({ enabled: true, path: join(folder, String(isTTY)) }, isTTY);
    log.child("hls").info("made", { media: "0123456789abcdef" });
    log.debug("not this");
    await log.close();
    const [name] = await readdir(join(folder, String(isTTY)));
    expect(name).toMatch(/^anicargo-\d{4}-\d\d-\d\d\.log$/);
    expect(await readFile(join(folder, String(isTTY), name!), "utf8")).toMatch(
      new RegExp(`^${TIME} INFO hls made media=0123456789abcdef\n$`),
    );
  }
});

test("without log files no folder is made", async () => {
  const { log } = logger();
  log.info("x");
  await log.close();
  expect(await readdir(folder)).toEqual([]);
});

test("log files that cannot be written make one warning on the terminal, and the logger goes on", async () => {
  await writeFile(join(folder, "logs"), "a file in the way");
  const { log, lines } = logger({ enabled: true });
  for (let n = 0; n < 3; n++) {
    log.info(`line ${n}`);
    await log.close();
  }
  const shown = lines();
  expect(shown.filter((line) => line.includes("log files cannot be written")).length).toBe(1);
  expect(shown.filter((line) => line.includes("INFO line")).length).toBe(3);
});

test("R21 a reader that has gone does not end the program", async () => {
  const source = join(import.meta.dir, "../../src/log.ts");
  const script = join(folder, "talk.ts");
  await writeFile(
    script,
    `import { createLogger } from ${JSON.stringify(source)};
     const log = createLogger({ enabled: false, path: "", level: "info", max_total_mb: 1 });
     for (let n = 0; n < 200; n++) { log.info("x".repeat(2000)); await Bun.sleep(1); }
     console.log("went on");`,
  );
  const talker = Bun.spawn([process.execPath, script], { stdout: "pipe", stderr: "pipe" });
  await talker.stderr.cancel();
  expect(await talker.stdout.text()).toBe("went on\n");
  expect(await talker.exited).toBe(0);
});
