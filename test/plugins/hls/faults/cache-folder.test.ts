/** A cache folder that is away, cannot be made, or is on a disk that is full: nobody who plays may notice. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { until } from "../../../helpers/until.ts";
import { joined, shown } from "../encode/works.ts";
import { newFolder } from "../fixtures.ts";
import { openHouse } from "../house.ts";
import { own, ownFilm } from "./films.ts";
import { bytesOf, load } from "./player.ts";
import { served } from "./served.ts";

setDefaultTimeout(60_000);

describe("the cache folder", () => {
  test("may be removed while a film plays from it", async () => {
    const house = await openHouse({ transcode: true });
    const id = await house.add(await own("black"));
    await served(house.hls, async (http) => {
      const [picture] = await load(await http.playlist(id));
      await bytesOf(picture.segments[0]!);
      const folder = join(house.cacheDir, "hls", id);
      await until(async () => (await readdir(folder)).length > 0);
      await rename(join(house.cacheDir, "hls"), join(house.cacheDir, "away"));
      for (const url of [picture.init, ...picture.segments]) await bytesOf(url);
    });
    await house.close();
  });

  test("may be one that cannot be made: what is encoded plays all the same, and the log says it once", async () => {
    const house = await openHouse({ transcode: true });
    await writeFile(house.cacheDir, "a file where a folder should be");
    const id = await house.add(await own("black"));
    await served(house.hls, async (http) => {
      const [picture, sound] = await load(await http.playlist(id));
      for (const url of [...picture.segments, ...sound!.segments]) await bytesOf(url);
    });
    expect(house.logged.map(({ message }) => message)).toEqual(["what was transcoded cannot be kept"]);
    await house.close();
  });
});

const mount = async (folder: string, bytes: number) =>
  (await Bun.spawn(["mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], { stderr: "ignore" }).exited) ===
  0;

describe("a disk of the cache folder that is full", () => {
  const disk = newFolder();
  let mounted = false;
  beforeAll(async () => {
    mounted = await mount(disk, 2 ** 20);
    if (!mounted) console.warn("SKIPPED: a small disk cannot be mounted without being root");
  });
  afterAll(async () => {
    if (mounted) await Bun.spawn(["umount", disk]).exited;
  });

  test("stops nobody who plays: every segment comes, none that is cut short is kept", async () => {
    if (!mounted) return;
    const house = await openHouse({ transcode: true });
    (house.core.config.media as { cache_dir: string }).cache_dir = join(disk, "cache");
    const id = await house.add(await ownFilm("flash.mkv"));
    const answers = new Map<string, Uint8Array>();
    await served(house.with({}), async (http) => {
      const [picture, sound] = await load(await http.playlist(id));
      const ask = async (url: string) => answers.set(basename(new URL(url).pathname), await bytesOf(url));
      await ask(picture.init);
      for (const [k, url] of picture.segments.entries()) {
        // In the middle of the film, behind the back of the check.
        if (k === 3) await fill(disk);
        await ask(url);
        await ask(sound!.segments[k]!);
      }
      const pictures = [picture.init, ...picture.segments].map((url) => answers.get(basename(new URL(url).pathname))!);
      expect(await shown(joined(...pictures))).toHaveLength(1439);
    });
    expect(house.logged.map(({ message }) => message)).toEqual(["what was transcoded cannot be kept"]);
    const folder = join(disk, "cache/hls", id, (await readdir(join(disk, "cache/hls", id)))[0]!);
    const kept = (await readdir(folder)).filter((name) => answers.has(name));
    expect(kept).toContain("video_0.m4s");
    expect(kept).not.toContain("video_29.m4s");
    for (const name of kept) {
      const stored: Uint8Array = await Bun.file(join(folder, name)).bytes();
      expect(stored).toEqual(answers.get(name)!);
    }
    await house.close();
  });
});

const fill = async (folder: string) =>
  Bun.spawn(["sh", "-c", `head -c 2000000 /dev/zero > '${folder}/filler'`], { stderr: "ignore" }).exited;
