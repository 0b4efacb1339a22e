/** Bangumi's search takes minutes over long keywords, and reads the first ten words only. */
const LONGEST = 100;

/**
 * A keyword as it is asked and remembered: one blank between words, nothing that PostgreSQL cannot keep, cut after 100
 * characters (between words where there are any). Empty when there is nothing to search for.
 */
export function cleanKeyword(text: string): string {
  const words = text.toWellFormed().replaceAll("\0", " ").trim().split(/\s+/);
  const clean = words.join(" ");
  const characters = [...clean];
  if (characters.length <= LONGEST) return clean;
  const cut = characters.slice(0, LONGEST + 1).join("");
  const end = cut.lastIndexOf(" ");
  return end > 0 ? cut.slice(0, end) : characters.slice(0, LONGEST).join("");
}
