/** The server as a process of its own, ended in the middle of things. */
import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, utimesSync } from "node:fs";
import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { startTime } from "../../../../plugins/hls/owner.ts";
import { type TestDatabase, testDatabase } from "../../../helpers/database.ts";
import { LONG_AGO } from "../../../helpers/media-tree.ts";
import { newPlace, type Place, type Server, serve, sources } from "../../../helpers/process.ts";
import { until } from "../../../helpers/until.ts";
import { encodersOf } from "../encode/encoders-of.ts";
import { film } from "../encode/works.ts";
import { fixture, newFolder, play } from "../fixtures.ts";
import { script } from "../script.ts";
import { bytesOf, load } from "./player.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
let place: Place;
let server: Server;
let media: string;
beforeAll(async () => {
  // Made before a server is in the way.
  await Promise.all([film("moving.mkv"), fixture("h264-aac.ts")]);
});
beforeEach(async () => {
  database = await testDatabase({ migrated: false });
  place = newPlace("faults");
  media = join(place.dir, "media");
  mkdirSync(media);
  copyFileSync(await film("moving.mkv"), join(media, "encoded.mkv"));
  copyFileSync(await fixture("h264-aac.ts"), join(media, "copied.ts"));
  for (const name of ["encoded.mkv", "copied.ts"]) utimesSync(join(media, name), LONG_AGO, LONG_AGO);
});
afterEach(async () => {
  await server.kill("SIGKILL");
  await database.drop();
  place.remove();
});

const PASSWORD = "correct-horse";

async function start(ffmpeg = "ffmpeg", more: Record<string, string> = {}): Promise<Server> {
  const env = {
    ANICARGO_DATABASE_URL: database.url,
    ANICARGO_ADMIN_PASSWORD: PASSWORD,
    ANICARGO_FFMPEG_PATH: ffmpeg,
    // Slow enough to be met while it works.
    ANICARGO_HLS_TRANSCODE_PRESET: "veryslow",
    ...more,
  };
  server = await serve(place, { env, program: sources });
  return server;
}

/** As the admin. */
async function client({ url }: Server) {
  const login = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: "admin", password: PASSWORD }),
  });
  const { token } = (await login.json()) as { token: string };
  const ask = async <T>(path: string, method = "GET") =>
    (await (await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })).json()) as T;
  return {
    ask,
    /** @returns ids by path, once the library holds both files */
    async ids(): Promise<Record<string, string>> {
      await ask("/api/jobs/index", "POST");
      const list = () => ask<{ id: string; path: string }[]>("/api/library");
      await until(async () => (await list()).length === 2);
      return Object.fromEntries((await list()).map(({ id, path }) => [path, id]));
    },
  };
}

interface Answer {
  status?: string;
  playlist_url: string;
}

/** Of an encoder that is at work for somebody. */
async function encoding(): Promise<{ ids: Record<string, string>; asked: Promise<unknown> }> {
  const { ask, ids } = await client(server);
  const known = await ids();
  const { playlist_url } = await ask<Answer>(`/api/stream/${known["encoded.mkv"]}`);
  const [picture] = await load(playlist_url);
  const asked = bytesOf(picture.segments[4]!).catch(() => null);
  await until(async () => (await encodersOf(join(media, "encoded.mkv"))).length > 0);
  return { ids: known, asked };
}

const noneLeft = () => until(async () => (await encodersOf(join(media, "encoded.mkv"))).length === 0);

test("a server that is told to end takes its encoders along, and ends well", async () => {
  await start();
  const { asked } = await encoding();
  expect(await server.kill("SIGTERM")).toBe(0);
  expect(await encodersOf(join(media, "encoded.mkv"))).toEqual([]);
  await asked;
});

/** An ffmpeg that does not come to the end of a copy. */
async function copierThatHangs() {
  const pidFile = join(newFolder(), "pid");
  const program = await script(
    `case "$*" in *source.mkv) echo $$ > '${pidFile}'; exec /bin/sleep 1000;; esac\nexec ffmpeg "$@"`,
    "ffmpeg",
  );
  return {
    program,
    /** Asks for one. @returns its process */
    async copies(id: string): Promise<number> {
      const { ask } = await client(server);
      expect(await ask(`/api/stream/${id}?codecs=all`)).toMatchObject({ status: "queued" });
      await until(async () => existsSync(pidFile) && (await Bun.file(pidFile).text()) !== "");
      return Number(await Bun.file(pidFile).text());
    },
  };
}

const lockIn = async (home: string): Promise<boolean> =>
  (await readdir(home).catch(() => [])).some((name) => name.includes(".tmp"));

describe("a server that is killed", () => {
  test.skipIf(!Bun.which("setpriv"))("R19: leaves no ffmpeg behind; the next one tidies up and goes on", async () => {
    const stuck = await copierThatHangs();
    await start(stuck.program);
    const { ids, asked } = await encoding();
    const copier = await stuck.copies(ids["copied.ts"]!);
    const copied = `/api/stream/${ids["copied.ts"]}?codecs=all`;
    const home = join(place.dir, "cache/hls", ids["copied.ts"]!);
    expect(await lockIn(home)).toBeTrue();

    await server.kill("SIGKILL");
    await noneLeft();
    await until(() => startTime(copier) === null);
    await asked;

    await start();
    await until(async () => !(await lockIn(home)));
    // As time would.
    await database.sql`update jobs set lease_until = now() - interval '1 second' where status = 'running'`;
    const again = await client(server);
    let answer = await again.ask<Answer>(copied);
    await until(async () => {
      answer = await again.ask<Answer>(copied);
      return answer.status === undefined;
    });
    expect(await play(answer.playlist_url)).toBe("");
    const encoded = await again.ask<Answer>(`/api/stream/${ids["encoded.mkv"]}`);
    const [picture] = await load(encoded.playlist_url);
    await bytesOf(picture.segments[0]!);
  });

  test("where nothing ends its ffmpeg: the next one does", async () => {
    const tools = newFolder();
    for (const tool of ["ffmpeg", "ffprobe"]) await symlink(Bun.which(tool)!, join(tools, tool));
    const stuck = await copierThatHangs();
    await start(stuck.program, { PATH: tools });
    const { ids } = await client(server);
    const id = (await ids())["copied.ts"]!;
    const copier = await stuck.copies(id);
    await server.kill("SIGKILL");
    expect(startTime(copier)).not.toBeNull();
    await start();
    await until(() => startTime(copier) === null);
    await until(async () => !(await lockIn(join(place.dir, "cache/hls", id))));
  });
});
