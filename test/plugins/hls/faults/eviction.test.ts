/** A cache that has a limit: what nobody plays goes, what somebody plays stays, and what is gone is made again. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "../fixtures.ts";
import { type House, openHouse } from "../house.ts";
import { own } from "./films.ts";
import { bytesOf, load, refusal } from "./player.ts";
import { served } from "./served.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

/** Nobody has asked for it for so long. */
async function rest(folder: string, minutes: number): Promise<void> {
  const then = new Date(Date.now() - minutes * 60_000);
  await utimes(folder, then, then);
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Ids of items of which something is kept. */
const kept = async () => (await readdir(join(house.cacheDir, "hls"))).sort();
/** `hls.cache_size` is in GiB. */
const limit = (bytes: number) => ({ cache_size: bytes / 2 ** 30 });

test("what was not asked for the longest goes first, no more than has to, and plays again when it is asked for", async () => {
  const ids = [
    await house.add(await own("black")),
    await house.add(await own("black")),
    await house.add(await own("black")),
  ];
  const folders: string[] = [];
  for (const id of ids) folders.push((await house.make(id)).folder);
  const [oldest, older, newest] = ids;
  await rest(folders[0]!, 60);
  await rest(folders[1]!, 40);
  await rest(folders[2]!, 20);
  const bytes = await sizeOf(folders[0]!);
  await house.with(limit(2.5 * bytes)).sweep();
  expect(await kept()).toEqual([older!, newest!].sort());
  await house.with(limit(1.5 * bytes)).sweep();
  expect(await kept()).toEqual([newest!]);
  await served(house.with(limit(1.5 * bytes)), async (http) => {
    const tracks = await load(await http.playlist(oldest!));
    for (const url of tracks.flatMap(({ init, segments }) => [init, ...segments])) await bytesOf(url);
  });
});

test("what a player of any process reads stays, however small the limit", async () => {
  const [read, unread] = [await house.add(await own("black")), await house.add(await own("white"))];
  const config = { on_demand: false, ...limit(1000) };
  for (const id of [read, unread]) await rest((await house.make(id)).folder, 60);
  // Of which all must come from the disk.
  await served(house.with({ ...config, ffmpeg_path: "/nowhere/ffmpeg" }), async (http) => {
    const [picture] = await load(await http.playlist(read));
    const before = await bytesOf(picture.segments[0]!);
    await house.with(config).sweep();
    expect(await kept()).toEqual([read]);
    for (const url of [picture.init, ...picture.segments]) await bytesOf(url);
    expect(await bytesOf(picture.segments[0]!)).toEqual(before);
  });
});

test("a film that is encoded plays to its end in a cache smaller than itself, and is gone when nobody watches", async () => {
  const id = await house.add(await own("black"));
  const hls = house.with({ transcode: true, ...limit(1000) });
  await served(hls, async (http) => {
    const [picture, sound] = await load(await http.playlist(id));
    for (const [k, url] of picture.segments.entries()) {
      await Promise.all([bytesOf(url), bytesOf(sound!.segments[k]!)]);
      await hls.sweep();
    }
    expect(await kept()).toEqual([id]);
  });
  const folder = join(house.cacheDir, "hls", id);
  for (const key of await readdir(folder)) await rest(join(folder, key), 11);
  await hls.sweep();
  expect(await kept()).toEqual([]);
});

test("a copy that is played from stays; one that is evicted is made again, under the same addresses", async () => {
  const id = await house.add(await fixture("h264-aac.ts"));
  await house.remux(id);
  const { folder } = house.hls.remuxOf(await house.hls.find(id));
  await rest(folder, 60);
  await served(house.with(limit(1000)), async (http) => {
    const list = await http.playlist(id);
    const [picture] = await load(list);
    const before = await bytesOf(picture.segments[1]!);
    await house.with(limit(1000)).sweep();
    expect(await bytesOf(picture.segments[1]!)).toEqual(before);
    await rest(folder, 60);
    await house.with(limit(1000)).sweep();
    expect(await kept()).toEqual([]);
    expect((await refusal(picture.segments[1]!)).status).toBe(503);
    expect((await refusal(list)).status).toBe(503);
    await house.remux(id);
    expect(await bytesOf(picture.segments[1]!)).toEqual(before);
  });
});
