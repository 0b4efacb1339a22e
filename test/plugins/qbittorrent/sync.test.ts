import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { SyncPass } from "../../../plugins/qbittorrent/service.ts";
import { findTaken } from "../../../plugins/qbittorrent/store.ts";
import { FatalJobError, Unauthorized, Unavailable } from "../../../src/plugin.ts";
import { type House, openHouse } from "./house.ts";
import { hashOf } from "./shelf.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(30_000);

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const findings = ({ surveyed }: SyncPass) => surveyed.map(({ torrent, finding }) => `${torrent.name}: ${finding.is}`);
/** A torrent and its data. */
const download = (name: string) => {
  house.disk.file(`library/${name}/1.mkv`);
  return house.shelf.put({ name });
};

test("Q13: what is new is indexed and matched, once for all of it; a second sync does nothing", async () => {
  download("Show A");
  download("Show B");
  const first = await house.downloads.sync();
  expect(findings(first)).toEqual(["Show A: new", "Show B: new"]);
  expect((await house.finish(first)).status).toBe("done");
  expect(await house.files()).toEqual(["Show A/1.mkv", "Show B/1.mkv"]);
  expect(house.matched).toEqual([{ after: first.jobs!.index }]);

  house.shelf.calls.length = 0;
  const second = await house.downloads.sync();
  expect(findings(second)).toEqual(["Show A: known", "Show B: known"]);
  expect(second.jobs).toBeNull();
  expect(house.shelf.calls).toEqual(["torrents"]);
  expect(await house.jobs("index")).toHaveLength(1);
});

test("Q13: while the index waits or runs, a sync finds it known and asks for no other", async () => {
  download("Show");
  const first = await house.downloads.sync();
  const second = await house.downloads.sync();
  expect(findings(second)).toEqual(["Show: known"]);
  await house.finish(first);
  expect(await house.jobs("index")).toHaveLength(1);
});

test("an index that failed took nothing in: the next sync asks for another", async () => {
  download("Show");
  house.index.instead = async () => {
    throw new FatalJobError("the disk is away");
  };
  expect((await house.finish(await house.downloads.sync())).status).toBe("failed");
  expect(await house.files()).toEqual([]);
  house.index.instead = null;
  const again = await house.downloads.sync();
  expect(findings(again)).toEqual(["Show: new"]);
  await house.finish(again);
  expect(await house.files()).toEqual(["Show/1.mkv"]);
  expect(findings(await house.downloads.sync())).toEqual(["Show: known"]);
});

test("an index that left files behind, since they were still being written, does not count either", async () => {
  download("Show");
  house.index.instead = async () => ({ result: { growing: 1 } });
  await house.finish(await house.downloads.sync());
  house.index.instead = null;
  expect(findings(await house.downloads.sync())).toEqual(["Show: new"]);
});

test("an index whose row was cleaned away before anybody looked is asked for again", async () => {
  download("Show");
  const { jobs } = await house.downloads.sync();
  await house.core.sql`delete from jobs where id = ${jobs!.index}`;
  expect(findings(await house.downloads.sync())).toEqual(["Show: new"]);
});

test("an index that runs already may have passed the folder: another comes after it", async () => {
  const { id } = await house.core.jobs.enqueue("index", {});
  const running = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  house.index.instead = async () => {
    running.resolve();
    await mayEnd.promise;
    return { result: {} };
  };
  const ended = house.worker.finish(id);
  await running.promise;
  download("Show");
  const pass = await house.downloads.sync();
  expect(pass.jobs!.index).not.toBe(id);
  // A third one need not be: what waits has not begun.
  download("Other");
  expect((await house.downloads.sync()).jobs!.index).toBe(pass.jobs!.index);
  house.index.instead = null;
  mayEnd.resolve();
  await ended;
  await house.finish(pass);
  expect(await house.files()).toEqual(["Other/1.mkv", "Show/1.mkv"]);
});

test("an index that waits already is shared", async () => {
  const { id } = await house.core.jobs.enqueue("index", {});
  download("Show");
  expect((await house.downloads.sync()).jobs!.index).toBe(id);
});

test("Q5: a torrent is taken in when it has stopped moving", async () => {
  const { name } = download("Show");
  house.shelf.put({ name, state: "moving" });
  const first = await house.downloads.sync();
  expect(findings(first)).toEqual(["Show: waiting"]);
  expect(first.jobs).toBeNull();
  house.shelf.put({ name });
  await house.finish(await house.downloads.sync());
  expect(await house.files()).toEqual(["Show/1.mkv"]);
});

test("two processes that sync at the same time take it in once", async () => {
  download("Show");
  const passes = await Promise.all([house.downloads.sync(), house.open({}).sync()]);
  const indexes = new Set(passes.flatMap(({ jobs }) => jobs?.index ?? []));
  expect(indexes.size).toBe(1);
  expect(await findTaken(house.core.sql, [hashOf("Show")])).toHaveLength(1);
});

test("what we added and lies outside is said once, with both paths; what others added is only counted", async () => {
  const elsewhere = house.disk.path("elsewhere");
  house.disk.file("elsewhere/Show/1.mkv");
  house.shelf.put({ name: "Show", category: "anicargo", savePath: "/downloads" });
  house.shelf.put({ name: "Film", category: "films", savePath: "/downloads" });
  const downloads = house.open({ path_map: [{ from: "/downloads", to: elsewhere }] });
  expect(findings(await downloads.sync())).toEqual(["Show: misplaced", "Film: outside"]);
  await downloads.sync();
  const errors = house.log.lines.filter(({ level }) => level === "error");
  expect(errors).toHaveLength(1);
  expect(errors[0]!.message).toContain("/downloads/Show");
  expect(errors[0]!.message).toContain(`${elsewhere}/Show`);
});

describe("the job", () => {
  const sync = async () => house.worker.finish(await house.downloads.requestSync());

  test("counts, and names the jobs that follow", async () => {
    download("Show");
    house.shelf.put({ name: "Half", state: "downloading", progress: 0.5, amountLeft: 1 });
    const job = await sync();
    expect(job.result).toEqual({
      ...{ torrents: 2, new: 1, known: 0, waiting: 0, unfinished: 1, outside: 0, misplaced: 0 },
      index_job: (await house.jobs("index"))[0]!.id,
      auto_match_job: (await house.jobs("auto-match"))[0]!.id,
    });
    expect(house.log.lines.map(({ message }) => message)).toContain(
      "synced 2 torrents (new 1, known 0, waiting 0, unfinished 1, outside 0)",
    );
  });

  test("Q8, Q9: out of reach it is tried again, and then takes in what is there", async () => {
    download("Show");
    house.shelf.down = new Unavailable("qBittorrent cannot be reached (connection refused)");
    const id = await house.downloads.requestSync();
    const ended = house.worker.finish(id);
    // As soon as the first attempt has failed.
    while ((await house.core.jobs.get(id))?.status !== "retry") await Bun.sleep(5);
    expect((await house.core.jobs.get(id))!.last_error).toBe("qBittorrent cannot be reached (connection refused)");
    house.shelf.down = null;
    await house.core.sql`update jobs set run_at = now() where id = ${id}`;
    const job = await ended;
    expect(job).toMatchObject({ status: "done", attempts: 2 });
    expect(job.result).toMatchObject({ new: 1 });
  });

  test("a refused login is not tried again", async () => {
    house.shelf.down = new Unauthorized("qBittorrent refuses the login");
    expect(await sync()).toMatchObject({ status: "failed", attempts: 1, last_error: "qBittorrent refuses the login" });
  });

  test("asked for while one runs, another comes after it", async () => {
    const asked = Promise.withResolvers<void>();
    const mayAnswer = Promise.withResolvers<void>();
    const { torrents } = house.shelf;
    house.shelf.torrents = async (filter) => {
      const found = await torrents(filter);
      asked.resolve();
      await mayAnswer.promise;
      return found;
    };
    const first = await house.downloads.requestSync();
    const ended = house.worker.finish(first);
    await asked.promise;
    // Too late for the list that was just read.
    download("Show");
    const second = await house.downloads.requestSync();
    expect(second).not.toBe(first);
    expect(await house.downloads.requestSync()).toBe(second);
    mayAnswer.resolve();
    expect((await ended).result).toMatchObject({ torrents: 0 });
    expect((await house.worker.finish(second)).result).toMatchObject({ new: 1 });
  });
});

describe("when nobody looks every so often", () => {
  beforeEach(async () => {
    await house.close();
    house = await openHouse({ sync_interval_secs: 0 });
  });
  const sync = async () => house.worker.finish(await house.downloads.requestSync());

  test.each(["moving", "checkingUP"])("a torrent that is %s is looked at again a little later", async (state) => {
    house.shelf.put({ name: "Show", state });
    await sync();
    const [, later] = await house.jobs("qbittorrent-sync");
    expect(later?.status).toBe("queued");
    house.disk.file("library/Show/1.mkv");
    house.shelf.put({ name: "Show" });
    expect((await house.worker.finish(later!.id)).result).toMatchObject({ new: 1 });
  });

  test("an index is looked after, and then it is quiet", async () => {
    download("Show");
    const job = await sync();
    const { index_job, auto_match_job } = job.result as { index_job: string; auto_match_job: string };
    await house.finish({ jobs: { index: index_job, autoMatch: auto_match_job } });
    const [, later] = await house.jobs("qbittorrent-sync");
    expect((await house.worker.finish(later!.id)).result).toMatchObject({ known: 1, index_job: null });
    expect(await house.jobs("qbittorrent-sync")).toHaveLength(2);
  });
});

describe("the health", () => {
  test("tells of what happened last, in whichever process", async () => {
    const other = house.open({ username: "admin" });
    expect(await house.downloads.health()).toEqual({ ok: true, detail: "not set up" });
    expect(await other.health()).toEqual({ ok: true, detail: "not asked yet" });
    house.shelf.down = new Unavailable("qBittorrent cannot be reached");
    await expect(house.downloads.sync()).rejects.toThrow("qBittorrent cannot be reached");
    expect(await other.health()).toEqual({
      ok: false,
      detail: expect.stringContaining("qBittorrent cannot be reached (20"),
    });
    house.shelf.down = null;
    await house.downloads.sync();
    expect(await other.health()).toEqual({ ok: true, detail: expect.stringContaining("answered at 20") });
  });

  test("a bug is not the fault of qBittorrent", async () => {
    house.shelf.down = new TypeError("a bug");
    await expect(house.downloads.sync()).rejects.toThrow("a bug");
    expect(await house.downloads.health()).toMatchObject({ ok: true });
  });
});
