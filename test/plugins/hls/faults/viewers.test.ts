/** Viewers in crowds, and viewers in a hurry. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startTime } from "../../../../plugins/hls/owner.ts";
import { encodersOf } from "../encode/encoders-of.ts";
import { joined, stamps } from "../encode/works.ts";
import { type House, openHouse } from "../house.ts";
import { readMediaList } from "../lists.ts";
import { own, ownFilm } from "./films.ts";
import { bytesOf, load } from "./player.ts";
import { served, wrapped } from "./served.ts";

setDefaultTimeout(120_000);

let house: House;
beforeAll(async () => {
  house = await openHouse({ transcode: true, segment_secs: 6 });
});
afterAll(() => house.close());

describe("twenty viewers of one film", () => {
  test("who all need it encoded share one encoder of pictures and one of sound, and get the same bytes", async () => {
    const { ffmpeg_path, pids } = await wrapped();
    const id = await house.add(await ownFilm("flash.mkv"));
    await served(house.with({ ffmpeg_path }), async (http) => {
      const list = await http.playlist(id);
      const watch = async (viewer: number) => {
        const digest = new Bun.CryptoHasher("sha256");
        const [picture, sound] = await load(list);
        for (const [k, url] of picture.segments.entries()) {
          // They do not march in step.
          if ((viewer + k) % 3 === 0) await bytesOf(picture.init);
          const [shot, tone] = await Promise.all([bytesOf(url), bytesOf(sound!.segments[k]!)]);
          digest.update(shot).update(tone);
        }
        return digest.digest("hex");
      };
      const seen = await Promise.all(Array.from({ length: 20 }, (_, viewer) => watch(viewer)));
      expect(new Set(seen).size).toBe(1);
    });
    expect(await pids()).toHaveLength(2);
    for (const pid of await pids()) expect(startTime(pid)).toBeNull();
  });

  test("who take it as it is need no ffmpeg at all", async () => {
    const id = await house.add(await own("white"));
    await served(house.with({ transcode: false, ffmpeg_path: "/nowhere/ffmpeg" }), async (http) => {
      const list = await http.playlist(id);
      const watch = async () => {
        const digest = new Bun.CryptoHasher("sha256");
        const [picture, sound] = await load(list);
        for (const url of [picture.init, ...picture.segments, sound!.init, ...sound!.segments]) {
          digest.update(await bytesOf(url));
        }
        return digest.digest("hex");
      };
      expect(new Set(await Promise.all(Array.from({ length: 20 }, watch))).size).toBe(1);
    });
  });
});

/** One that may go away. */
function viewer(): { signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe("fifty seeks, each given up when the next begins,", () => {
  /** Where they lead: all over the film, forwards and back. */
  const seeks = (segments: readonly string[]) =>
    Array.from({ length: 50 }, (_, i) => (i * 7 + (i % 3)) % segments.length);

  test("of a film that is encoded: every answer is of the right time, and no ffmpeg is left over", async () => {
    const file = await ownFilm("flash.mkv");
    const id = await house.add(file);
    await served(house.with({}), async (http) => {
      const [picture, sound] = await load(await http.playlist(id));
      const init = await bytesOf(picture.init);
      const answers: { k: number; bytes: Uint8Array }[] = [];
      let most = 0;
      const places = seeks(picture.segments);
      for (const [i, k] of places.entries()) {
        const { signal, abort } = viewer();
        const asked = [picture, sound!].map(async ({ segments }) => bytesOf(segments[k]!, { signal }));
        const both = Promise.all(asked).then(([bytes]) => answers.push({ k, bytes: bytes! }));
        // A fifth of a second to each: ten in all.
        await Promise.race([both, i < places.length - 1 ? Bun.sleep(200) : both]).catch(() => {});
        most = Math.max(most, (await encodersOf(file)).length);
        if (i < places.length - 1) abort();
        await both.catch((error) => expect(error).toMatchObject({ name: "AbortError" }));
      }
      expect(answers.at(-1)?.k).toBe(places.at(-1)!);
      const starts = [0];
      const text = await (await fetch((await http.playlist(id)).replace("index", "video"))).text();
      for (const { secs } of readMediaList(text).segments) starts.push(starts.at(-1)! + secs);
      for (const { k, bytes } of answers) {
        const times = (await stamps(joined(init, bytes))).map(({ pts }) => pts);
        expect(Math.min(...times)).toBeGreaterThan(starts[k]! - 0.05);
        expect(Math.max(...times)).toBeLessThan(starts[k + 1]! + 0.05);
      }
      // Two of pictures, four of sound.
      expect(most).toBeLessThanOrEqual(6);
    });
    expect(await encodersOf(file)).toEqual([]);
  });

  test("of one that is copied: every answer has the bytes that it has without them", async () => {
    const file = await ownFilm();
    const id = await house.add(file);
    await served(house.with({ transcode: false }), async (http) => {
      const [picture] = await load(await http.playlist(id));
      const truth = await Promise.all(picture.segments.map((url) => bytesOf(url)));
      const answers = await Promise.all(
        seeks(picture.segments).map(async (k) => {
          const { signal, abort } = viewer();
          const asked = bytesOf(picture.segments[k]!, { signal });
          if (k % 2 === 0) abort();
          return { k, bytes: await asked.catch(() => null) };
        }),
      );
      for (const { k, bytes } of answers) if (k % 2 === 1) expect(bytes).toEqual(truth[k]!);
    });
  });
});
