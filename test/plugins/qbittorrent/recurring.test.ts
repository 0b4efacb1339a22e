import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { QbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";
import { createRecurring, type Recurring } from "../../../plugins/qbittorrent/recurring.ts";
import { takeTurn } from "../../../plugins/qbittorrent/store.ts";
import { Unavailable } from "../../../src/plugin.ts";
import { until } from "../../helpers/until.ts";
import { type House, openHouse } from "./house.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(30_000);

let house: House;
const started: Recurring[] = [];
beforeEach(async () => {
  house = await openHouse({ username: "admin", sync_interval_secs: 3600 });
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((recurring) => recurring.stop()));
  await house.close();
});

/** One process's. */
async function start(config: Partial<QbittorrentConfig> = {}, job_workers = 2): Promise<Recurring> {
  const core = {
    ...house.core,
    config: { ...house.core.config, server: { ...house.core.config.server, job_workers } },
  };
  const recurring = createRecurring(core, house.open(config));
  started.push(recurring);
  await recurring.start();
  return recurring;
}
/** Lets an interval pass, as time would. */
const pass = () => house.core.sql`update qbittorrent_standing set turn_at = now() - interval '1 day'`;
const looks = () => house.shelf.calls.filter((call) => call === "torrents").length;

test("a look that finds something new asks for a sync; one that does not leaves no job", async () => {
  house.shelf.put({ name: "Half", progress: 0.5, state: "downloading", amountLeft: 1 });
  await (await start()).stop();
  expect(looks()).toBe(1);
  expect(await house.jobs("qbittorrent-sync")).toEqual([]);

  house.disk.file("library/Show/1.mkv");
  house.shelf.put({ name: "Show" });
  await pass();
  await start();
  await until(async () => (await house.jobs("qbittorrent-sync")).length === 1);
});

test("it looks again and again", async () => {
  await start({ sync_interval_secs: 1 });
  await until(() => looks() >= 2);
});

test("Q13: processes on one database take turns", async () => {
  await Promise.all([start(), start(), start()]);
  await until(() => looks() === 1);
  await Promise.all(started.splice(0).map((recurring) => recurring.stop()));
  expect(looks()).toBe(1);
});

test("who did not get the turn waits for the next one, not for a whole interval", async () => {
  expect(await takeTurn(house.core.sql, 3600)).toBe(0);
  await house.core.sql`update qbittorrent_standing set turn_at = now() - interval '3590 seconds'`;
  const wait = await takeTurn(house.core.sql, 3600);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(10);
});

test.each<[string, Partial<QbittorrentConfig>, number]>([
  ["switched off", { sync_interval_secs: 0 }, 2],
  ["not set up", { username: "" }, 2],
  ["in a process without workers", {}, 0],
])("%s: nobody is asked", async (_kind, config, workers) => {
  await (await start(config, workers)).stop();
  expect(looks()).toBe(0);
});

test("Q9: out of reach it leaves no jobs and says so once, until it is well again or something else is wrong", async () => {
  const warnings = () => house.log.lines.filter(({ level }) => level === "warn").map(({ message }) => message);
  house.shelf.down = new Unavailable("qBittorrent cannot be reached");
  await start({ sync_interval_secs: 1 });
  await until(() => looks() >= 3);
  expect(warnings()).toEqual(["qBittorrent cannot be reached"]);
  house.shelf.down = new TypeError("a bug");
  await until(() => warnings().length === 2);
  expect(warnings()[1]).toBe("cannot look for completed torrents");
  house.shelf.down = null;
  await until(() => house.log.lines.some(({ message }) => message === "completed torrents are looked for again"));
  expect(await house.jobs("qbittorrent-sync")).toEqual([]);
});

test("a stop waits for a look that is under way, and none comes after it", async () => {
  const asked = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  const { torrents } = house.shelf;
  house.shelf.torrents = async (filter) => {
    asked.resolve();
    await mayAnswer.promise;
    return torrents(filter);
  };
  const recurring = await start({ sync_interval_secs: 1 });
  await asked.promise;
  let stopped = false;
  const stopping = recurring.stop().then(() => {
    stopped = true;
  });
  await Bun.sleep(0);
  expect(stopped).toBe(false);
  mayAnswer.resolve();
  await stopping;
  expect(looks()).toBe(1);
});
