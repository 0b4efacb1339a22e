/** The system's Chromium without a window, asking nobody but the servers of a test. */
import { type Browser, chromium } from "playwright-core";
import { haveProgram } from "./programs.ts";

/** Debian calls it so. */
const PROGRAM = "chromium";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--mute-audio",
];

export const haveBrowser = (): boolean => haveProgram(PROGRAM, "in a real browser");

/** @param flags more of Chromium's own */
export const openBrowser = (...flags: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: Bun.which(PROGRAM)!, args: [...FLAGS, ...flags] });
