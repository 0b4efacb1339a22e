/** A file that is replaced or taken away while it plays: never the one's frames under the other's address. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Hls } from "../../../../plugins/hls/service.ts";
import { ffmpeg, newFolder, play } from "../fixtures.ts";
import { type House, openHouse } from "../house.ts";
import { openPlace, type Place } from "../players/place.ts";
import { script } from "../script.ts";
import { type Colour, colourOf, own, plain, replace } from "./films.ts";
import { bytesOf, load, refusal } from "./player.ts";
import { served } from "./served.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

const CHANGED = { status: 410, error: "the file or the settings changed: open the playlist again" };

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

describe.each([
  ["copied", {}],
  ["transcoded", { transcode: true }],
] as const)("a film that is %s", (_how, config) => {
  test("and replaced while it plays: 410, and the new one once the list is loaded again", async () => {
    const hls = house.with(config);
    const file = await own("black");
    const id = await house.add(file);
    await served(hls, async (http) => {
      const list = await http.playlist(id);
      const [old] = await load(list);
      const init = await bytesOf(old.init);
      expect(await colourOf(init, await bytesOf(old.segments[0]!))).toBe("black");
      await replace(file, "white");
      for (const url of [old.init, ...old.segments]) expect(await refusal(url)).toEqual(CHANGED);
      const tracks = await load(list);
      const [picture] = tracks;
      for (const url of tracks.flatMap(({ segments }) => segments)) await bytesOf(url);
      const fresh = await bytesOf(picture.init);
      for (const url of picture.segments) expect(await colourOf(fresh, await bytesOf(url))).toBe("white");
      expect(await play(list)).toBe("");
    });
  });

  test("and written over in its place: the same", async () => {
    const hls = house.with(config);
    const file = await own("black");
    const id = await house.add(file);
    await served(hls, async (http) => {
      const list = await http.playlist(id);
      const [old] = await load(list);
      await bytesOf(old.segments[0]!);
      await copyFile(await plain("white"), file);
      expect(await refusal(old.segments[1]!)).toEqual(CHANGED);
      const [picture] = await load(list);
      expect(await colourOf(await bytesOf(picture.init), await bytesOf(picture.segments[1]!))).toBe("white");
    });
  });
});

test("a segment of which the file is replaced before it is read is refused, not made of the new one", async () => {
  const file = await own("black");
  const id = await house.add(file);
  let swap = false;
  const base = house.with({});
  const hls: Hls = {
    ...base,
    async find(mediaId) {
      const media = await base.find(mediaId);
      if (swap) await replace(file, "white");
      swap = false;
      return media;
    },
  };
  await served(hls, async (http) => {
    const [picture] = await load(await http.playlist(id));
    await bytesOf(picture.segments[0]!);
    swap = true;
    expect(await refusal(picture.segments[1]!)).toEqual(CHANGED);
  });
});

test("a segment of which the file is replaced before ffmpeg opens it is refused, and so is the next", async () => {
  const file = await own("black");
  const id = await house.add(file);
  const program = await script(
    `[ -e '${file}.done' ] || { cp '${await plain("white")}' '${file}.part'; mv '${file}.part' '${file}'; touch '${file}.done'; }\nexec ffmpeg "$@"`,
    "ffmpeg",
  );
  await served(house.with({ transcode: true, ffmpeg_path: program }), async (http) => {
    const list = await http.playlist(id);
    const [old] = await load(list);
    expect(await refusal(old.segments[0]!)).toEqual(CHANGED);
    expect(await refusal(old.segments[1]!)).toEqual(CHANGED);
    const [picture] = await load(list);
    const init = await bytesOf(picture.init);
    for (const url of picture.segments) expect(await colourOf(init, await bytesOf(url))).toBe("white");
  });
});

test("a file that grows plays as far as it goes: each new list a longer one, old addresses 410", async () => {
  const whole = await Bun.file(await plain("black")).bytes();
  const file = await own("black");
  await Bun.write(file, whole.subarray(0, Math.floor(whole.length / 2)));
  const id = await house.add(file);
  await served(house.with({}), async (http) => {
    const list = await http.playlist(id);
    const [half] = await load(list);
    for (const url of half.segments) expect(await colourOf(await bytesOf(half.init), await bytesOf(url))).toBe("black");
    await Bun.write(file, whole);
    expect(await refusal(half.segments[0]!)).toEqual(CHANGED);
    const [all] = await load(list);
    expect(all.segments.length).toBeGreaterThan(half.segments.length);
    for (const url of all.segments) expect(await colourOf(await bytesOf(all.init), await bytesOf(url))).toBe("black");
    expect(await play(list)).toBe("");
  });
});

test("what was remuxed of a replaced file is not played in the place of the new one", async () => {
  const file = join(newFolder(), "film.ts");
  const arrive = async (colour: Colour) => {
    await ffmpeg("-i", await plain(colour), "-c", "copy", "-f", "mpegts", `${file}.part`);
    await rename(`${file}.part`, file);
  };
  await arrive("black");
  const id = await house.add(file);
  await house.remux(id);
  await served(house.with({}), async (http) => {
    const list = await http.playlist(id);
    const [old] = await load(list);
    expect(await colourOf(await bytesOf(old.init), await bytesOf(old.segments[0]!))).toBe("black");
    await arrive("white");
    expect(await refusal(old.segments[1]!)).toMatchObject({ status: 503 });
    expect(await refusal(list)).toMatchObject({ status: 503 });
    await house.remux(id);
    expect(await refusal(old.segments[1]!)).toEqual(CHANGED);
    const [picture] = await load(list);
    expect(await colourOf(await bytesOf(picture.init), await bytesOf(picture.segments[1]!))).toBe("white");
  });
});

describe("in a library", () => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace();
  });
  afterAll(() => place.close());

  test("a file that is taken away is 410 everywhere, and plays on when it is back", async () => {
    const file = await own("black");
    const { playlist_url, direct_url } = await place.add(file);
    const list = `${playlist_url}?codecs=all`;
    const tracks = await load(list);
    const [picture] = tracks;
    const before = await bytesOf(picture.segments[1]!);
    const inLibrary = place.pathOf(file);
    await rename(inLibrary, `${inLibrary}.away`);
    for (const url of [list, direct_url, ...tracks.flatMap(({ init, segments }) => [init, ...segments])]) {
      const { status, error } = await refusal(url);
      expect([status, error]).toEqual([410, expect.stringContaining("not in the media folder any more")]);
    }
    await rename(`${inLibrary}.away`, inLibrary);
    expect(await bytesOf(picture.segments[1]!)).toEqual(before);
  });
});
