/** What mpv gets, by both addresses: Debian's, over its own socket. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { haveProgram } from "../../../helpers/programs.ts";
import { until } from "../../../helpers/until.ts";
import { FILM_SECS, isMagenta, makeFilm, PLAIN_LINE, SQUARE, STYLED_LINE, secondOf, TONES } from "./film.ts";
import { type Mpv, openMpv } from "./mpv.ts";
import { openPlace, type Place, type Stream } from "./place.ts";

/** Real programs on a machine that may be busy; the first place unpacks PostgreSQL. */
setDefaultTimeout(60_000);

interface Track {
  id: number;
  type: "video" | "audio" | "sub";
  lang?: string;
  codec: string;
}

describe.skipIf(!haveProgram("mpv", "in mpv"))("mpv", () => {
  let place: Place;
  let stream: Stream;
  let mpv: Mpv | undefined;
  beforeAll(async () => {
    const [film] = await Promise.all([
      makeFilm(),
      openPlace().then((opened) => {
        place = opened;
      }),
    ]);
    stream = await place.add(film);
  });
  afterEach(() => mpv?.close());
  afterAll(() => place.close());

  const tracks = async (type: Track["type"]) =>
    (await mpv!.get<Track[]>("track-list")).filter((track) => track.type === type);
  const shownSecond = async () => secondOf((await mpv!.picture("video")).at(0.75, 0.75)[0]);

  const PLACES = [20.5, 4.5, 35.5, 13.5, 28.5, 1.5, 24.5, 39.5, 8.5, 17.5];
  const showsRightPictures = async () => {
    for (const secs of PLACES) {
      expect(Math.abs((await mpv!.seek(secs)) - secs)).toBeLessThan(0.5);
      expect(await shownSecond()).toBe(Math.floor(secs));
    }
  };
  const hears = (tone: number) => until(async () => Math.abs((await mpv!.tone().catch(() => 0)) - tone) < 60);
  const sees = async (at: number) => {
    await mpv!.seek(at);
    return isMagenta((await mpv!.picture("subtitles")).at(0.05, 0.05));
  };

  test.each(["direct_url", "playlist_url"] as const)(
    "begins at the begin of the %s and knows its length",
    async (url) => {
      mpv = await openMpv(stream[url]);
      expect(await mpv.get<number>("time-pos")).toBeLessThan(0.1);
      expect(await mpv.get<number>("duration")).toBeCloseTo(FILM_SECS, 0);
      expect(await shownSecond()).toBe(0);
    },
  );

  describe("with the file itself", () => {
    test("shows the right picture at ten places, forwards and backwards", async () => {
      mpv = await openMpv(stream.direct_url);
      await showsRightPictures();
    });

    test("changes to the other sound and back", async () => {
      mpv = await openMpv(stream.direct_url);
      await mpv.set("pause", false);
      const [japanese, english] = await tracks("audio");
      expect([japanese?.lang, english?.lang]).toEqual(["jpn", "eng"]);
      await mpv.set("aid", english!.id);
      await hears(TONES.eng);
      await mpv.set("aid", japanese!.id);
      await hears(TONES.jpn);
    });

    test("draws the styled subtitles", async () => {
      mpv = await openMpv(stream.direct_url);
      const [styled, plain] = await tracks("sub");
      expect(styled).toMatchObject({ codec: "ass", lang: "eng" });
      await mpv.set("sid", styled!.id);
      expect(await sees(SQUARE.from + 2)).toBe(true);
      expect(await mpv.get<string>("sub-text")).toContain(STYLED_LINE);
      expect(await sees(SQUARE.to + 2)).toBe(false);
      await mpv.set("sid", plain!.id);
      await mpv.seek(SQUARE.from + 2);
      expect(await mpv.get<string>("sub-text")).toContain(PLAIN_LINE);
    });
  });

  // FFmpeg before 6.1, which Debian 12's mpv has, cannot go to another place in fragmented MP4 over HLS, nor begin to read another
  // of its tracks in the middle, whoever made the segments; mpv itself can, in what it has read already. It knows no subtitles there.
  describe("with the list", () => {
    test("shows the right picture at ten places, forwards and backwards", async () => {
      mpv = await openMpv(stream.playlist_url);
      const player = mpv;
      await until(async () => (await player.get<{ "eof-cached": boolean }>("demuxer-cache-state"))["eof-cached"]);
      await showsRightPictures();
    });

    test.each([
      ["jpn", 1],
      ["eng", 2],
    ] as const)("begins with the sound that is wanted: %s", async (language, aid) => {
      mpv = await openMpv(stream.playlist_url, `--aid=${aid}`);
      await mpv.set("pause", false);
      await hears(TONES[language]);
    });

    test("draws the styled subtitles from their own address", async () => {
      mpv = await openMpv(stream.playlist_url, `--sub-file=${stream.subtitles[0]!.url}`);
      expect(await tracks("sub")).toEqual([expect.objectContaining({ codec: "ass", selected: true })]);
      const player = mpv;
      await until(async () => (await player.get<{ "eof-cached": boolean }>("demuxer-cache-state"))["eof-cached"]);
      expect(await sees(SQUARE.from + 2)).toBe(true);
      expect(await sees(SQUARE.to + 2)).toBe(false);
    });
  });
});
