/** The number of an episode in a name, and the pieces that its patterns are made of. */

export interface Marker {
  /** Where it begins in its text. */
  start: number;
  /** What follows is the title of the episode, or technical. */
  end: number;
  season?: number;
  episode: number | null;
  lastEpisode?: number | null;
  otherEpisode?: number | null;
  kind?: "ova" | "special";
}

export const NUMBER = "(\\d{1,4}(?:\\.\\d{1,2})?)";
/** "v2"; "a" of an episode in halves. */
export const VERSION = "(?:[a-d]|[\\s_]?v\\d+)?'?";
/** The same episode in another count: "02 (28)". */
export const OTHER = "(?:\\s*\\((\\d{1,4}(?:\\.\\d)?)\\))?";
/** Where a Latin word begins and ends, also beside CJK letters. */
export const BEGIN = "(?<![a-z\\d])";
export const END = "(?![a-z\\d])";

export const anyCase = (source: string): RegExp => new RegExp(source, "i");

/** Whether it can count an episode: years, sizes of pictures cannot. */
export function isEpisode(text: string): boolean {
  const number = Number.parseFloat(text);
  if ([480, 540, 576, 720, 1080, 1440, 2160].includes(number)) return false;
  return !(text.length === 4 && number >= 1950 && number <= 2035);
}

/** Where a match stands. */
export const spanOf = (match: RegExpExecArray): { start: number; end: number } => ({
  start: match.index,
  end: match.index + match[0].length,
});

/** Numbers of a marker from what its groups caught; a last one that is not after the first is none. */
export function counts(episode?: string, last?: string, other?: string) {
  const numbers = {
    episode: episode === undefined ? null : Number(episode),
    lastEpisode: last === undefined ? null : Number(last),
    otherEpisode: other === undefined ? null : Number(other),
  };
  if (numbers.lastEpisode !== null && numbers.lastEpisode <= (numbers.episode ?? 0)) numbers.lastEpisode = null;
  return numbers;
}
