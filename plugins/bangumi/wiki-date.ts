/**
 * A date as the wiki's authors wrote it, as `YYYY-MM-DD`. They leave out zeros (`2008-4-6`), and write zeros for what they do
 * not know (`0000-00-00`).
 * @returns null for anything that is not a day of the calendar
 */
export function readDate(text: string | null | undefined): string | null {
  const [, year, month = "", day = ""] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text?.trim() ?? "") ?? [];
  if (year === undefined || year === "0000") return null;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  // The 31st of June is read as the 1st of July.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? null : date;
}
