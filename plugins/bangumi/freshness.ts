/** How long an answer holds before Bangumi is asked again. Pure; ages in seconds, days as `YYYY-MM-DD`. */
import type { Subject } from "./model.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** A cour, where the wiki does not say how many episodes there will be. */
const USUAL_EPISODES = 13;
/** Shows are delayed, and their pages finished late. */
const SLACK_DAYS = 14;

/** A keyword that found nothing is asked again the next day: the page may be written meanwhile. */
export const searchLifetime = (hits: number): number => (hits === 0 ? DAY : WEEK);

export const subjectLifetime = (airing: boolean): number => (airing ? DAY : WEEK);
export const relationsLifetime = subjectLifetime;
export const episodesLifetime = (airing: boolean): number => (airing ? 6 * HOUR : WEEK);

/**
 * Whether episodes are still being shown, or soon will be.
 * @param subject null when it is not cached
 * @param lastAirdate of the episodes that are cached; it tells of shows that run for ever, whose count nobody knows
 */
export function isAiring(
  subject: Pick<Subject, "date" | "eps"> | null,
  lastAirdate: string | null,
  today: string,
): boolean {
  const start = subject?.date ?? null;
  if (start !== null && today < addDays(start, -SLACK_DAYS)) return false;
  if (lastAirdate !== null && today <= addDays(lastAirdate, SLACK_DAYS)) return true;
  return start !== null && today <= addDays(start, 7 * (subject?.eps || USUAL_EPISODES) + SLACK_DAYS);
}

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY * 1000).toISOString().slice(0, 10);
