/** The compiled executable, alone in an empty folder, as a new user meets it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary, newPlace, type Place, requireBinary, run, type Server, serve } from "../helpers/process.ts";
import { makeLibrary, ONE_NAME, REAL_NAMES } from "../helpers/video.ts";

/** Of a video that no browser plays. */
const OLD_NAME = REAL_NAMES[18];

beforeAll(requireBinary);

describe("before anything is set up", () => {
  let place: Place;
  beforeAll(() => {
    place = newPlace("bare");
  });
  afterAll(() => place.remove());

  test("--version names version, commit, Bun and platform, and whose data is carried", async () => {
    const { code, stdout } = await run(place, ["--version"]);
    expect(stdout).toMatch(/^anicargo \d+\.\d+\.\d+ \([0-9a-z]+\) Bun \d+\.\d+\.\d+ \w+-\w+\n/);
    expect(stdout).toContain("bangumi-data");
    expect(code).toBe(0);
  });

  test.each([
    [[]],
    [["index"]],
    [["serve"]],
    [["scan"]],
    [["hls"]],
    [["user"]],
    [["user", "add"]],
    [["config"]],
    [["doctor"]],
  ])("%j --help shows usage and needs no database", async (words) => {
    const { code, stdout } = await run(place, [...words, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("anicargo");
  });

  test("a bunfig.toml, .env and tsconfig.json of the folder it is started in have no effect", async () => {
    const trap = join(place.dir, "trap.ts");
    writeFileSync(trap, 'require("node:fs").writeFileSync("trapped", "1"); console.log("TRAPPED");');
    writeFileSync(join(place.dir, "bunfig.toml"), 'preload = ["./trap.ts"]\n');
    writeFileSync(join(place.dir, ".env"), "ANICARGO_BIND=not-an-address\n");
    writeFileSync(join(place.dir, "package.json"), '{"name":"x","imports":{"#x":"./trap.ts"}}');
    writeFileSync(join(place.dir, "tsconfig.json"), '{"compilerOptions":{"paths":{"elysia":["./trap.ts"]}}}');
    const { code, stdout } = await run(place, ["config"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("TRAPPED");
    expect(await Bun.file(join(place.dir, "trapped")).exists()).toBe(false);
  });

  test("a missing media folder is one line and exit code 66", async () => {
    const { code, stdout, stderr } = await run(place, ["index"]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toStartWith("anicargo: ");
    expect(stderr).toContain("media");
    expect({ code, stdout }).toEqual({ code: 66, stdout: "" });
  });

  test("no media folder at all is exit code 78 and names the key and the variable", async () => {
    const { code, stderr } = await run(place, ["index"], { env: { ANICARGO_MEDIA_DIR: "" } });
    expect(code).toBe(78);
    expect(stderr).toContain("media.media_dir");
    expect(stderr).toContain("ANICARGO_MEDIA_DIR");
  });

  test("a wrong key is exit code 78 with file, line and the nearest known key", async () => {
    const file = join(place.dir, "wrong.toml");
    writeFileSync(file, '[server]\nbind = "127.0.0.1:0"\njob_worker = 3\n');
    const { code, stderr } = await run(place, ["config", "--config", file]);
    expect(code).toBe(78);
    expect(stderr).toContain(`${file}:3`);
    expect(stderr).toContain("server.job_worker");
    expect(stderr).toContain("server.job_workers");
  });

  test.each([
    [["indx"], 'did you mean "index"?'],
    [["index", "--allow-removal"], "did you mean --allow-removals?"],
    [["hls"], "missing MEDIA_ID"],
    [["scan", "a", "b"], 'unexpected argument "b"'],
    [["--wrong"], "unknown flag --wrong"],
  ])("%j is a usage error", async (words, message) => {
    const { code, stderr } = await run(place, words);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  test("a reader that goes away ends it quietly", async () => {
    mkdirSync(join(place.dir, "many"), { recursive: true });
    for (let index = 0; index < 3000; index++) writeFileSync(join(place.dir, "many", `Show - ${index}.mkv`), "");
    const child = Bun.spawn(["sh", "-c", `"${binary}" scan many | head -1`], {
      cwd: place.dir,
      env: place.env,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stderr).toBe("");
  });
});

describe("an interrupted command", () => {
  let place: Place;
  beforeAll(() => {
    place = newPlace("interrupted");
  });
  afterAll(() => place.remove());

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "that gets %s hands its job back, stops its database and ends with %d",
    async (signal, code) => {
      const media = place.env.ANICARGO_MEDIA_DIR!;
      const pidFile = join(place.env.ANICARGO_DATA_DIR!, "postgres/pgdata/postmaster.pid");
      mkdirSync(media, { recursive: true });
      for (let index = 0; index < 2000; index++) writeFileSync(join(media, `[Group] ${signal} - ${index}.mkv`), "");
      const child = Bun.spawn([binary, "index"], {
        cwd: place.dir,
        env: place.env,
        stdio: ["ignore", "ignore", "ignore"],
      });
      // The files are new, so that it will look at them twice: the database is up long before it is done.
      while (!(await Bun.file(pidFile).exists()) && child.exitCode === null);
      child.kill(signal);
      expect(await child.exited).toBe(code);
      expect(await Bun.file(pidFile).exists()).toBe(false);
      const { stdout } = await run(place, ["index", "--json"]);
      const result = JSON.parse(stdout);
      expect(result.scanned).toBe(result.upserted + result.skipped);
      expect(result).toMatchObject({ removed: 0 });
      expect(result).not.toHaveProperty("warnings");
    },
    60_000,
  );
});

/** The whole way, in order: each step stands on the one before. */
describe("from an empty folder to a playing video", () => {
  let place: Place;
  let server: Server;
  let token: string;
  const media = () => place.env.ANICARGO_MEDIA_DIR!;

  beforeAll(async () => {
    place = newPlace("tour");
    copyFileSync(binary, join(place.dir, "anicargo"));
    chmodSync(join(place.dir, "anicargo"), 0o755);
    await makeLibrary(media());
    const encode = ["-i", join(media(), ONE_NAME), "-c:v", "mpeg4", "-c:a", "copy", join(media(), OLD_NAME)];
    expect(await Bun.spawn(["ffmpeg", "-nostdin", "-v", "error", "-y", ...encode]).exited).toBe(0);
    age(media());
  }, 60_000);
  afterAll(async () => {
    await server?.kill("SIGKILL");
    // Whatever a kill left behind is ended by the next command that comes and goes.
    await run(place, ["user", "list"]);
    place.remove();
  }, 60_000);

  /** Files that were written just now are looked at twice; these shall not be. */
  function age(folder: string): void {
    const then = new Date(Date.now() - 3600_000);
    for (const name of REAL_NAMES) utimesSync(join(folder, name), then, then);
  }

  const api = async (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, {
      ...init,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        "content-type": "application/json",
        ...init.headers,
      },
    });

  async function login(): Promise<void> {
    const body = JSON.stringify({ user_id: "admin", password: "adminpwd" });
    const answer = await api("/api/auth/login", { method: "POST", body });
    expect(answer.status).toBe(200);
    token = ((await answer.json()) as { token: string }).token;
  }

  interface Entry {
    id: string;
    path: string;
    title: string | null;
    episode: number | null;
  }
  const library = async (): Promise<Entry[]> => (await (await api("/api/library")).json()) as Entry[];

  test("scan lists the files without a database", async () => {
    const { code, stdout } = await run(place, ["scan"]);
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    expect(rows.map(([, , path]) => path!).sort()).toEqual([...REAL_NAMES].sort());
    for (const [id, size] of rows) {
      expect(id).toMatch(/^[0-9a-f]{16}$/);
      expect(Number(size)).toBeGreaterThan(1000);
    }
    expect(await Bun.file(join(place.dir, "data", "postgres")).exists()).toBe(false);
  });

  test("index stores them", async () => {
    const { code, stdout } = await run(place, ["index"]);
    expect(stdout).toBe("indexed 20 files (parsed 20, skipped 0, removed 0)\n");
    expect(code).toBe(0);
  }, 60_000);

  test("a second index skips them", async () => {
    const { code, stdout } = await run(place, ["index", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ scanned: 20, upserted: 0, parsed: 0, skipped: 20, removed: 0 });
    expect(code).toBe(0);
  });

  test("serve says where to click, and a login opens the library", async () => {
    server = await serve(place);
    expect((await api("/api/library")).status).toBe(401);
    await login();
    const entries = await library();
    expect(entries.map(({ path }) => path)).toEqual([...REAL_NAMES].sort((a, b) => (a < b ? -1 : 1)));
    expect(entries.find(({ path }) => path === ONE_NAME)).toMatchObject({ title: "Sousou no Frieren", episode: 1 });
  }, 30_000);

  test("a second server on the same address is told so", async () => {
    const address = server.url.replace("http://", "");
    const { code, stderr } = await run(place, ["serve"], { env: { ANICARGO_BIND: address } });
    expect(code).toBe(73);
    expect(stderr).toContain(`anicargo: cannot listen on ${address}: another program listens there already`);
  });

  /** Plays an address to its end. @returns the warnings */
  async function play(url: string): Promise<string> {
    const player = Bun.spawn(["ffmpeg", "-nostdin", "-v", "warning", "-i", url, "-f", "null", "-"], { stderr: "pipe" });
    const said = await player.stderr.text();
    expect(await player.exited).toBe(0);
    return said;
  }

  test("a film plays at once, to its end, without a warning", async () => {
    const { id } = (await library()).find(({ path }) => path === ONE_NAME)!;
    const answer = await api(`/api/stream/${id}`);
    expect(answer.status).toBe(200);
    const stream = (await answer.json()) as { playlist_url: string; direct_url: string; watch_url: string };
    expect(await play(stream.playlist_url)).toBe("");
    const part = await fetch(stream.direct_url, { headers: { range: "bytes=0-3" } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).toString("hex")).toBe("1a45dfa3");
    expect((await fetch(stream.watch_url)).status).toBe(200);
  }, 60_000);

  test("its whole rendition is made on disk, and served from there", async () => {
    const { id } = (await library()).find(({ path }) => path === ONE_NAME)!;
    const ordered = await api(`/api/jobs/hls/${id}`, { method: "POST", body: "{}" });
    expect(ordered.status).toBe(202);
    const { job_id } = (await ordered.json()) as { job_id: string };
    expect(await (await api(`/api/jobs/${job_id}/stream`)).text()).toContain("event: done");
    const { playlist_url } = (await (await api(`/api/stream/${id}`)).json()) as { playlist_url: string };
    expect(await play(playlist_url)).toBe("");
  }, 60_000);

  test("what no player takes is encoded while it plays", async () => {
    const { id } = (await library()).find(({ path }) => path === OLD_NAME)!;
    const answer = await api(`/api/stream/${id}`);
    expect(answer.status).toBe(200);
    const { mode, playlist_url } = (await answer.json()) as { mode: string; playlist_url: string };
    expect(mode).toBe("transcode");
    expect(await play(playlist_url)).toBe("");
  }, 60_000);

  test("names that only a database or a shell would trip over play as well", async () => {
    const { id } = (await library()).find(({ path }) => path.startsWith("100%"))!;
    const { code, stdout } = await run(place, ["hls", id]);
    expect(code).toBe(0);
    expect(await play(stdout.trim())).toBe("");
  }, 60_000);

  test("a renamed and a moved file keep their ids", async () => {
    const before = await library();
    const moved = "Moved here/Frieren 01.mkv";
    mkdirSync(join(media(), "Moved here"));
    renameSync(join(media(), ONE_NAME), join(media(), moved));
    const { stdout } = await run(place, ["index"]);
    expect(stdout).toContain("removed 0");
    const after = await library();
    expect(after.find(({ path }) => path === moved)!.id).toBe(before.find(({ path }) => path === ONE_NAME)!.id);
    expect(after).toHaveLength(20);
  }, 30_000);

  test("an unmounted folder removes nothing", async () => {
    renameSync(media(), `${media()}.away`);
    const missing = await run(place, ["index"]);
    expect(missing.code).toBe(66);
    mkdirSync(media());
    const empty = await run(place, ["index"]);
    expect(empty.stdout).toContain("removed 0");
    expect(empty.stderr).toContain("--allow-removals");
    expect(await library()).toHaveLength(20);
    rmSync(media(), { recursive: true });
    renameSync(`${media()}.away`, media());
    const back = await run(place, ["index"]);
    expect(back.stdout).toContain("(parsed 0, skipped 20, removed 0)");
  }, 60_000);

  test("an index that is killed in the middle leaves nothing half-made", async () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      join(media(), "many", `[Group] Show - ${index} [720p].mkv`),
    );
    mkdirSync(join(media(), "many"));
    const then = new Date(Date.now() - 3600_000);
    for (const path of many) {
      writeFileSync(path, path);
      utimesSync(path, then, then);
    }
    const child = Bun.spawn([binary, "index"], {
      cwd: place.dir,
      env: place.env,
      stdio: ["ignore", "ignore", "ignore"],
    });
    // As soon as the first batch is there.
    while (child.exitCode === null && (await library()).length === 20);
    child.kill("SIGKILL");
    await child.exited;
    const half = await library();
    expect(half.every(({ title }) => title !== null)).toBe(true);
    const { stdout } = await run(place, ["index", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ scanned: 3020, removed: 0 });
    const whole = await library();
    expect(new Set(whole.map(({ path }) => path)).size).toBe(3020);
    expect(whole.map(({ id }) => id)).toEqual(expect.arrayContaining(half.map(({ id }) => id)));
  }, 120_000);

  test("kill -9 of everything loses nothing", async () => {
    const before = await library();
    const postmaster = Number((await Bun.file(postmasterPid()).text()).split("\n")[0]);
    process.kill(server.pid, "SIGKILL");
    process.kill(postmaster, "SIGKILL");
    await server.exited;
    server = await serve(place);
    await login();
    expect(await library()).toEqual(before);
  }, 60_000);

  test("serve ends with 0 on SIGTERM and takes its PostgreSQL along", async () => {
    const postmaster = Number((await Bun.file(postmasterPid()).text()).split("\n")[0]);
    expect(await server.kill("SIGTERM")).toBe(0);
    expect(() => process.kill(postmaster, 0)).toThrow();
  }, 30_000);

  const postmasterPid = () => join(place.env.ANICARGO_DATA_DIR!, "postgres/pgdata/postmaster.pid");
});
