/** What the page says. */
import type { AudioTrack, Chapter, SubtitleTrack } from "./stream.ts";

/** `1:02:03`, `4:05`. */
export function clock(secs: number): string {
  const whole = Number.isFinite(secs) ? Math.max(0, Math.floor(secs)) : 0;
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(seconds)}` : `${minutes}:${padded(seconds)}`;
}

/** `Japanese`; what is no language tag stays as it is, and `und` says nothing. */
export function languageName(language: string | null): string | null {
  if (!language || language === "und") return null;
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

const CHANNELS: Record<number, string> = { 1: "mono", 6: "5.1", 8: "7.1" };

/** `Japanese: Commentary (5.1)`. */
export function audioLabel({ language, title, channels }: AudioTrack, place: number): string {
  const layout = CHANNELS[channels] ? ` (${CHANNELS[channels]})` : "";
  return `${named(language, title, place)}${layout}`;
}

/** `English: Signs (forced)`. */
export function subtitleLabel({ language, title, forced }: SubtitleTrack, place: number): string {
  return `${named(language, title, place)}${forced ? " (forced)" : ""}`;
}

function named(language: string | null, title: string | null, place: number): string {
  const parts = [languageName(language), title].filter((part, at, all) => part && all.indexOf(part) === at);
  return parts.length > 0 ? parts.join(": ") : `Track ${place + 1}`;
}

/** The chapter that a time lies in; the last one that has begun. */
export function chapterAt(chapters: readonly Chapter[], secs: number): string | null {
  return chapters.findLast(({ start, end }) => start <= secs && (end === null || secs < end))?.title ?? null;
}

/** How a request that must not fail has failed; what a person can do about it. */
export function explainStatus(status: number | undefined): string | null {
  if (status === 401) return "This address is no longer valid: ask for the item again.";
  if (status === 404) return "This file is not in the library any more.";
  return null;
}

export const UNPLAYABLE =
  "This browser cannot play the file. mpv and VLC can, from the addresses that the server gives for it.";
