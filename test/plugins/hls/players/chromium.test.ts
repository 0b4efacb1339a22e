/** The watch page in Debian's Chromium. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { haveBrowser, openBrowser } from "../../../helpers/browser.ts";
import { until } from "../../../helpers/until.ts";
import { newFolder } from "../fixtures.ts";
import { FILM_SECS, isMagenta, makeFilm, PLAIN_LINE, readPixels, SQUARE, secondOf, TONES } from "./film.ts";
import { openPlace, type Place, type Stream } from "./place.ts";

/** Real programs on a machine that may be busy; the first place unpacks PostgreSQL. */
setDefaultTimeout(90_000);

describe.skipIf(!haveBrowser())("the watch page", () => {
  let place: Place;
  let film: string;
  let stream: Stream;
  let browser: Browser;
  let page: Page;
  /** What went wrong in the page or on its way: nothing may. */
  let troubles: string[];
  /** What the page was answered: path and status. */
  let answers: [path: string, status: number][];
  beforeAll(async () => {
    [film, place, browser] = await Promise.all([makeFilm(), openPlace(), openBrowser()]);
    stream = await place.add(film);
  });
  afterEach(() => page?.context().close());
  afterAll(async () => {
    await browser.close();
    await place.close();
  });

  const ask = <T>(expression: string): Promise<T> => page.evaluate(expression);
  const shownSecond = async () => secondOf(await ask<number>("probe.level()"));
  const playing = (from = 0) =>
    until(async () => (await ask<number>("document.querySelector('video').currentTime")) > from);

  async function open(address: string, before: (page: Page) => Promise<void> = async () => {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 640, height: 360 } });
    page = await context.newPage();
    await page.addInitScript({ path: join(import.meta.dir, "in-page.js") });
    troubles = [];
    answers = [];
    page.on("response", (response) => void answers.push([new URL(response.url()).pathname, response.status()]));
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
      // Thumbnails are made in the background.
      if (message.type() !== "error" || message.location().url.endsWith("thumbnails.vtt")) return;
      troubles.push(message.text());
    });
    page.on("requestfailed", (request) => {
      // What a seek made needless is dropped.
      if (request.failure()?.errorText !== "net::ERR_ABORTED") troubles.push(request.url());
    });
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== place.url && !request.url().startsWith("blob:"))
        troubles.push(request.url());
    });
    await before(page);
    await page.goto(address);
  }

  /** Opens the page and waits until the film runs. */
  async function watch(): Promise<void> {
    await open(stream.watch_url);
    await playing();
  }

  const choose = async (menu: "audio" | "subtitles", label: string) => {
    await page.mouse.move(320, 100 + Math.random() * 100); // the controls fade away
    await page.click(`.choice.${menu} > button`);
    await page.click(`.choice.${menu} .menu >> text=/^${label}/`);
  };
  const magenta = async () => {
    const path = join(newFolder(), "page.png");
    await page.screenshot({ path });
    return isMagenta((await readPixels(path)).at(0.05, 0.25));
  };

  test("begins by itself, at the begin, in twenty seconds without a wait", async () => {
    await watch();
    expect(await shownSecond()).toBeLessThan(3);
    expect(await page.title()).toBe("film.mkv");
    await ask("probe.waits()");
    await playing(20);
    expect(await ask<number>("probe.waits()")).toBe(0);
    expect(troubles).toEqual([]);
  });

  test("shows the right picture at ten places", async () => {
    await watch();
    await page.keyboard.press("k");
    for (const secs of [20.5, 4.5, 35.5, 13.5, 28.5, 1.5, 24.5, 39.5, 8.5, 17.5]) {
      const shown = await ask<number>(`probe.seek(${secs})`);
      expect(Math.abs(shown - secs)).toBeLessThan(0.5);
      expect(await shownSecond()).toBe(Math.floor(secs));
    }
    expect(troubles).toEqual([]);
  });

  test("changes to the other sound and back while it plays", async () => {
    await watch();
    for (const [label, tone] of [
      ["English", TONES.eng],
      ["Japanese", TONES.jpn],
    ] as const) {
      await choose("audio", label);
      await until(async () => Math.abs((await ask<number>("probe.tone()")) - tone) < 30);
    }
    expect(troubles).toEqual([]);
  });

  test("draws styled subtitles, with the fonts of the file at hand", async () => {
    await watch();
    await page.keyboard.press("k");
    await ask(`probe.seek(${SQUARE.from + 2})`);
    await until(magenta);
    expect(answers.filter(([path]) => path.includes("/fonts/"))).toEqual([[expect.stringContaining("icons.ttf"), 200]]);
    await ask(`probe.seek(${SQUARE.to + 2})`);
    await until(async () => !(await magenta()));
    expect(troubles).toEqual([]);
  });

  test("shows plain subtitles, and none when they are turned off", async () => {
    await watch();
    await page.keyboard.press("k");
    await ask(`probe.seek(${SQUARE.from + 2})`);
    await choose("subtitles", "German");
    await until(async () => (await ask<string[]>("probe.cues()")).join().includes(PLAIN_LINE));
    await choose("subtitles", "Off");
    await until(async () => (await ask<string[]>("probe.cues()")).length === 0);
    expect(await magenta()).toBe(false);
    expect(troubles).toEqual([]);
  });

  test("obeys the keyboard", async () => {
    await watch();
    const state = <T>(property: string) => ask<T>(`document.querySelector("video").${property}`);
    await page.keyboard.press(" ");
    expect(await state<boolean>("paused")).toBe(true);
    const before = await state<number>("currentTime");
    await page.keyboard.press("ArrowRight");
    expect(await state<number>("currentTime")).toBeCloseTo(before + 5, 1);
    await page.keyboard.press("ArrowLeft");
    expect(await state<number>("currentTime")).toBeCloseTo(before, 1);
    await page.keyboard.press("m");
    expect(await state<boolean>("muted")).toBe(true);
    await page.keyboard.press("f");
    await until(() => ask<boolean>("document.fullscreenElement !== null"));
  });

  test("goes on where it was left", async () => {
    await watch();
    await ask("probe.seek(25.5)");
    await page.keyboard.press("k");
    await page.reload();
    await playing(25);
    await until(async () => (await shownSecond()) >= 25);
    expect(await ask<string>("document.querySelector('.end').textContent")).toBe(`0:${FILM_SECS}`);
  });

  test.each([
    ["library", "not in the library any more", (film: string) => place.remove(film)],
    ["disk", "not where it was", (film: string) => Bun.file(place.pathOf(film)).delete()],
  ] as const)("says in words that a file has left the %s", async (from, words, remove) => {
    const gone = await makeFilm(`left-${from}.mkv`);
    const { watch_url } = await place.add(gone);
    await open(watch_url, async (opened) => {
      // Between the page and the list.
      await opened.route(
        "**/index.m3u8*",
        async (route) => {
          await remove(gone);
          await route.continue();
        },
        { times: 1 },
      );
    });
    await until(async () => (await page.textContent("[role=status]"))?.includes(words));
  });
});
