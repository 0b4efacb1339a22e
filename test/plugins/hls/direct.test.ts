import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { mkdir, open, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Elysia } from "elysia";
import { directResponse, inline } from "../../../plugins/hls/direct.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";
import { until } from "../../helpers/until.ts";
import { newFolder } from "./fixtures.ts";

const MIB = 2 ** 20;
const folder = newFolder();
const bytes = crypto.getRandomValues(new Uint8Array(1000));
/** What the library would say; a name is a file in the folder. */
const library = new Map<string, { size: number; version: string }>();
let http: TestHttp;

beforeAll(async () => {
  http = await startHttp({
    routes: () =>
      new Elysia().get("/media/:name", ({ request, params: { name } }) =>
        directResponse(request, { file: join(folder, name), path: `Show/${name}`, ...library.get(name)! }),
      ),
  });
  await add("a.mkv", bytes);
});
afterAll(() => http.stop());

async function add(name: string, content: Uint8Array, version = "v-1"): Promise<void> {
  await writeFile(join(folder, name), content);
  library.set(name, { size: content.length, version });
}

/** Zeros that take no space. */
async function addLong(name: string, size: number): Promise<string> {
  await add(name, new Uint8Array());
  await truncate(join(folder, name), size);
  library.set(name, { size, version: "v-1" });
  return join(folder, name);
}

const ask = (name: string, headers: Record<string, string> = {}, method = "GET") =>
  http.fetch(`/media/${encodeURIComponent(name)}`, { headers, method });

/** Descriptors that this process has open on a file. */
const opened = (path: string): number =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;

/** curl, for what `fetch` cannot be made to do. @returns its exit code and what it wrote to stdout */
async function curl(...args: string[]): Promise<{ code: number; said: string }> {
  const child = Bun.spawn(["curl", "-s", "-o", "/dev/null", ...args], { stdout: "pipe", stderr: "ignore" });
  return { said: await child.stdout.text(), code: await child.exited };
}

describe("the whole file", () => {
  test("comes with all that a player wants to know", async () => {
    const response = await ask("a.mkv");
    expect(response.status).toBe(200);
    expect(await response.bytes()).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "accept-ranges": "bytes",
      "cache-control": "private, no-cache",
      "content-disposition": `inline; filename="a.mkv"; filename*=UTF-8''a.mkv`,
      "content-length": "1000",
      "content-security-policy": "sandbox",
      "content-type": "video/x-matroska",
      etag: '"v-1"',
      "x-content-type-options": "nosniff",
    });
    expect(response.headers.has("content-range")).toBeFalse();
  });

  test("is announced to a HEAD, and not sent", async () => {
    const response = await ask("a.mkv", {}, "HEAD");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("1000");
    expect(await response.text()).toBe("");
  });

  test.each(["bytes=0-1,5-6", "bytes=5-2", "lines=1-2"])("answers %j too", async (range) => {
    const response = await ask("a.mkv", { range });
    expect(response.status).toBe(200);
    expect(await response.bytes()).toEqual(bytes);
  });

  test("is not sent to who has it", async () => {
    const response = await ask("a.mkv", { "if-none-match": '"v-0", W/"v-1"', range: "bytes=1-2" });
    expect(response.status).toBe(304);
    expect(response.headers.get("etag")).toBe('"v-1"');
    expect(await response.text()).toBe("");
  });

  test("of another version is sent", async () => {
    expect((await ask("a.mkv", { "if-none-match": '"v-0"' })).status).toBe(200);
  });

  test("may be empty", async () => {
    await add("empty.mkv", new Uint8Array());
    const response = await ask("empty.mkv");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("0");
    expect((await ask("empty.mkv", { range: "bytes=0-" })).status).toBe(416);
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-0", 0, 1],
    ["bytes=10-19", 10, 20],
    ["bytes=990-", 990, 1000],
    ["bytes=-5", 995, 1000],
  ])("%j is exactly that", async (range, from, to) => {
    const response = await ask("a.mkv", { range });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/1000`);
    expect(response.headers.get("content-length")).toBe(`${to - from}`);
    expect(await response.bytes()).toEqual(bytes.subarray(from, to));
  });

  test("is announced to a HEAD", async () => {
    const response = await ask("a.mkv", { range: "bytes=10-19" }, "HEAD");
    expect(response.status).toBe(206);
    expect(response.headers.get("content-length")).toBe("10");
    expect(response.headers.get("content-range")).toBe("bytes 10-19/1000");
  });

  test("beyond the end is refused with the size", async () => {
    const response = await ask("a.mkv", { range: "bytes=1000-" });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */1000");
  });

  test("of the version that the player began with is sent", async () => {
    expect((await ask("a.mkv", { range: "bytes=1-2", "if-range": '"v-1"' })).status).toBe(206);
  });

  test.each(['"v-0"', 'W/"v-1"', "Sun, 22 Nov 2026 22:00:00 GMT"])(
    "R6: after If-Range %j it is the whole file, so that two versions are never mixed",
    async (ifRange) => {
      const response = await ask("a.mkv", { range: "bytes=1-2", "if-range": ifRange });
      expect(response.status).toBe(200);
      expect(await response.bytes()).toEqual(bytes);
      expect((await ask("a.mkv", { range: "bytes=9999-", "if-range": ifRange })).status).toBe(200);
    },
  );

  test("of 3 GB into a file is found there", async () => {
    const path = await addLong("long.mkv", 4 * 2 ** 30);
    const file = await open(path, "r+");
    await file.write("needle", 3_000_000_000);
    await file.close();
    const response = await ask("long.mkv", { range: "bytes=3000000000-3000000005" });
    expect(await response.text()).toBe("needle");
  });
});

describe("what is not there to be sent", () => {
  test("S6: a FIFO is refused, and nobody waits for it", async () => {
    await Bun.spawn(["mkfifo", join(folder, "fifo.mkv")]).exited;
    library.set("fifo.mkv", { size: 0, version: "v-1" });
    expect((await ask("fifo.mkv")).status).toBe(410);
  });

  test("S6: so are a folder and a device", async () => {
    await mkdir(join(folder, "folder.mkv"));
    await symlink("/dev/zero", join(folder, "zero.mkv"));
    for (const name of ["folder.mkv", "zero.mkv"]) {
      library.set(name, { size: 0, version: "v-1" });
      expect((await ask(name)).status).toBe(410);
    }
  });

  test("a file that is gone is told as such, without its place", async () => {
    await add("gone.mkv", bytes);
    await rm(join(folder, "gone.mkv"));
    const response = await ask("gone.mkv");
    expect(response.status).toBe(410);
    expect(await response.text()).not.toContain(folder);
  });

  test("a file of another size than the library just said is asked for again", async () => {
    await add("growing.mkv", bytes);
    await truncate(join(folder, "growing.mkv"), 2000);
    const response = await ask("growing.mkv", { range: "bytes=0-" });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
  });

  test("one that the disk does not give is told before anything is sent", async () => {
    // The loopback device has no speed: sysfs says so with an error when the file is read.
    await symlink("/sys/class/net/lo/speed", join(folder, "bad.mkv"));
    library.set("bad.mkv", { size: (await stat(join(folder, "bad.mkv"))).size, version: "v-1" });
    const response = await ask("bad.mkv");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: "the file cannot be read: check its disk and its permissions",
    });
  });
});

describe("a long file", () => {
  test("takes no memory, however much of it is sent", async () => {
    const path = await addLong("flat.mkv", 900 * MIB);
    const before = process.memoryUsage.rss();
    const { said, code } = await curl("-w", "%{size_download}", `${http.url}/media/flat.mkv`);
    expect({ said, code }).toEqual({ said: `${900 * MIB}`, code: 0 });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MIB);
    await until(() => opened(path) === 0);
  }, 30_000);

  test("is let go of when its players go away", async () => {
    const path = await addLong("left.mkv", 900 * MIB);
    const players = Array.from({ length: 8 }, () =>
      Bun.spawn(["curl", "-s", "-o", "/dev/null", "--limit-rate", "1M", `${http.url}/media/left.mkv`]),
    );
    await until(() => opened(path) === 8);
    for (const player of players) player.kill();
    await until(() => opened(path) === 0);
  });

  test("that shrinks while it is sent is never filled up with something else", async () => {
    const path = await addLong("short.mkv", 300 * MIB);
    const received = join(folder, "received");
    const player = Bun.spawn(["curl", "-s", "-o", received, "--limit-rate", "20M", `${http.url}/media/short.mkv`]);
    await until(() => opened(path) === 1);
    await truncate(path, MIB);
    // Bun lets go of the file, and leaves the connection to its idle timeout.
    await until(() => opened(path) === 0);
    player.kill();
    await player.exited;
    expect(Bun.file(received).size).toBeLessThan(300 * MIB);
  });
});

describe("the name", () => {
  test.each([
    ["a.mkv", `inline; filename="a.mkv"; filename*=UTF-8''a.mkv`],
    [
      "[Group] 名前 - 01.mkv",
      `inline; filename="[Group] __ - 01.mkv"; filename*=UTF-8''%5BGroup%5D%20%E5%90%8D%E5%89%8D%20-%2001.mkv`,
    ],
    [`"a\\b%41'(1)*.mkv`, `inline; filename="_a_b_41'(1)*.mkv"; filename*=UTF-8''%22a%5Cb%2541%27%281%29%2A.mkv`],
    [
      "a\r\nSet-Cookie: x.mkv",
      `inline; filename="a__Set-Cookie: x.mkv"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.mkv`,
    ],
    ["half \ud800.mkv", `inline; filename="half _.mkv"; filename*=UTF-8''half%20%EF%BF%BD.mkv`],
  ])("S14: %j stays within its quotes", (name, header) => {
    expect(inline(name)).toBe(header);
  });

  test.each([
    ["B.MP4", "video/mp4"],
    ["b.webm", "video/webm"],
    ["b.ogm", "video/ogg"],
    ["b.html", "application/octet-stream"],
    ["b", "application/octet-stream"],
  ])("of %j makes it %s", async (name, type) => {
    await add(name, bytes);
    expect((await ask(name)).headers.get("content-type")).toBe(type);
  });
});
