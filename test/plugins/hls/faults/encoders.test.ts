/** ffmpeg that breaks: the segment is answered all the same. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startTime } from "../../../../plugins/hls/owner.ts";
import { until } from "../../../helpers/until.ts";
import { encodersOf } from "../encode/encoders-of.ts";
import { joined, shown } from "../encode/works.ts";
import { newFolder } from "../fixtures.ts";
import { type House, openHouse } from "../house.ts";
import { own, ownFilm } from "./films.ts";
import { bytesOf, load } from "./player.ts";
import { served, wrapped } from "./served.ts";

/** One that hangs is given 15 s, on a machine that may be busy. */
setDefaultTimeout(120_000);

let house: House;
beforeAll(async () => {
  house = await openHouse({ transcode: true, segment_secs: 6 });
});
afterAll(() => house.close());

/** Slow enough to be met while it works. */
const SLOW = { transcode_preset: "veryslow" } as const;

/** The one process that encodes pictures of a film that nobody listens to. */
async function theOnly(file: string): Promise<number> {
  await until(async () => (await encodersOf(file)).length === 1);
  return (await encodersOf(file))[0]!.pid;
}

describe("while somebody waits for a segment, an ffmpeg", () => {
  test("that is killed is replaced by another, which goes on at the same place", async () => {
    const file = await ownFilm();
    const id = await house.add(file);
    await served(house.with(SLOW), async (http) => {
      const [picture] = await load(await http.playlist(id));
      const [init, first] = await Promise.all([bytesOf(picture.init), bytesOf(picture.segments[0]!)]);
      const wanted = bytesOf(picture.segments[3]!);
      process.kill(await theOnly(file), "SIGKILL");
      expect(await shown(joined(init, first, await wanted))).toHaveLength(48 + 96);
    });
    expect(await encodersOf(file)).toEqual([]);
  });

  test("that is stopped from outside is replaced, and ended", async () => {
    const file = await ownFilm();
    const id = await house.add(file);
    await served(house.with(SLOW), async (http) => {
      const [picture] = await load(await http.playlist(id));
      const init = bytesOf(picture.init);
      const wanted = bytesOf(picture.segments[1]!);
      const pid = await theOnly(file);
      process.kill(pid, "SIGSTOP");
      expect(await shown(joined(await init, await wanted))).toHaveLength(48);
      expect((await encodersOf(file)).map((one) => one.pid)).not.toContain(pid);
    });
  });

  test("that hangs from the start is replaced, for pictures and for sound", async () => {
    const { ffmpeg_path, pids } = await wrapped((log) => `[ $(wc -l < '${log}') -le 2 ] && exec sleep 1000`);
    const id = await house.add(await ownFilm("flash.mkv"));
    await served(house.with({ ffmpeg_path }), async (http) => {
      const [picture, sound] = await load(await http.playlist(id));
      await Promise.all([bytesOf(picture.segments[0]!), bytesOf(sound!.segments[0]!)]);
    });
    expect((await pids()).length).toBe(4);
    for (const pid of await pids()) expect(startTime(pid)).toBeNull();
  });

  test("that always fails is an error in one line, and the next request tries anew", async () => {
    const broken = join(newFolder(), "broken");
    await writeFile(broken, "");
    const { ffmpeg_path } = await wrapped(() => `[ -e '${broken}' ] && { echo 'secret /path' >&2; exit 3; }`);
    const id = await house.add(await own("black"));
    await served(house.with({ ffmpeg_path }), async (http) => {
      const [picture] = await load(await http.playlist(id));
      const answer = await fetch(picture.segments[2]!);
      expect(answer.status).toBe(500);
      expect(((await answer.json()) as { error: string }).error).toBe(
        "ffmpeg failed (exit code 3); the log has what it said",
      );
      await rm(broken);
      await bytesOf(picture.segments[2]!);
    });
  });
});
