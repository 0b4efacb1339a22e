/** The times of pictures as they were before the container rounded them. Pure. */
import type { SourceTrack } from "../reader/model.ts";

/** What Matroska rounds to, and half of it for the first picture, which all are counted from. */
const ROUNDING_NS = 1_001_000;

/**
 * Matroska keeps milliseconds: at 24 frames a second, a picture that begins half a frame after the sound falls now on one side of
 * the half, now on the other, and a player that counts frames finds two in one place and none in the next. Where all frames
 * have one length, the time that was meant is known.
 * @returns what a time was before it was rounded; times that are not on the grid (a variable rate) stay as they are
 */
export function cadenceOf({
  frameDuration,
  start,
}: Pick<SourceTrack, "frameDuration" | "start">): (time: number) => number {
  const length = frameDuration && exactLength(frameDuration);
  if (!length || start === null) return (time) => time;
  return (time) => {
    const meant = start + Math.round((time - start) / length) * length;
    return Math.abs(meant - time) <= ROUNDING_NS ? meant : time;
  };
}

/** Frames a second: files say how long one is, in whole nanoseconds; what is meant is n or n·1000/1001 of them a second. */
export function rateOf(frameDuration: number): number {
  const rate = 1e9 / frameDuration;
  const near = [Math.round(rate), (Math.round((rate * 1001) / 1000) * 1000) / 1001];
  return near.find((candidate) => Math.abs(candidate - rate) < rate / 100_000) ?? rate;
}

const exactLength = (frameDuration: number): number => 1e9 / rateOf(frameDuration);
