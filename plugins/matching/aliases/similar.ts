/** Finds titles spelled nearly alike among tens of thousands: three-letter pieces first, letter pairs on what is left. Pure. */

const LETTERS = 37;
const letterOf = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code >= 97 && code <= 122 ? code - 96 : code >= 48 && code <= 57 ? code - 21 : 0;
};

/** How often each letter pair stands in a text, taken away one by one while another text is read against it. */
const pairs = new Uint8Array(LETTERS ** 2);
const pairAt = (text: string, at: number): number => letterOf(text, at) * LETTERS + letterOf(text, at + 1);

/** Sørensen–Dice over the letter pairs of the beginnings of two texts. */
function diceOf(a: string, aLength: number, b: string, bLength: number): number {
  if (aLength < 2 || bLength < 2) return 0;
  for (let at = 0; at < aLength - 1; at++) pairs[pairAt(a, at)]!++;
  let common = 0;
  for (let at = 0; at < bLength - 1; at++) {
    const pair = pairAt(b, at);
    if (pairs[pair]! > 0) {
      pairs[pair]!--;
      common++;
    }
  }
  for (let at = 0; at < aLength - 1; at++) pairs[pairAt(a, at)] = 0;
  return (2 * common) / (aLength + bLength - 2);
}

/** Release names stop anywhere in a long title, or go on where the title ends: as good as whole, but for a hair. */
const CUT_SHORT = 0.94;
const GOES_ON = 0.88;
const SHORTEST_BEGINNING = 8;

/** @param title of a release, @param known both folded @returns 0 to 1 */
export function alike(title: string, known: string): number {
  const whole = diceOf(title, title.length, known, known.length);
  const shorter = Math.min(title.length, known.length);
  if (title.length === known.length || shorter < SHORTEST_BEGINNING) return whole;
  const share = title.length < known.length ? CUT_SHORT : GOES_ON;
  return Math.max(whole, share * diceOf(title, shorter, known, shorter));
}

/** Pieces of three letters; the first two stand for the beginning. */
function eachPiece(text: string, use: (piece: number) => void): void {
  let [a, b] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const c = letterOf(text, at);
    use((a * LETTERS + b) * LETTERS + c);
    [a, b] = [b, c];
  }
}

/** The share of the pieces of either text that has to be in both before letters are compared. */
const SHARED = 0.4;
const SHARED_OF_SHORT = 0.7;
const COMPARED = 48;
/** Below it two titles have nothing to do with each other. */
const ALIKE = 0.62;

export interface Similar {
  /** Index into the keys. */
  at: number;
  likeness: number;
}

/** @param keys titles folded to a to z and 0 to 9 @returns a search, best first */
export function similarTitles(keys: readonly string[]): (title: string) => Similar[] {
  const starts = new Uint32Array(LETTERS ** 3 + 1);
  const counted = new Int32Array(LETTERS ** 3).fill(-1);
  for (const [at, key] of keys.entries())
    eachPiece(key, (piece) => {
      if (counted[piece] === at) return;
      counted[piece] = at;
      starts[piece + 1]!++;
    });
  for (let piece = 0; piece < LETTERS ** 3; piece++) starts[piece + 1]! += starts[piece]!;
  const holders = new Uint32Array(starts.at(-1)!);
  const next = starts.slice();
  counted.fill(-1);
  for (const [at, key] of keys.entries())
    eachPiece(key, (piece) => {
      if (counted[piece] === at) return;
      counted[piece] = at;
      holders[next[piece]!++] = at;
    });

  const shared = new Uint8Array(keys.length);
  /** What a key must share to be looked at whatever the title's length: most of a short one. */
  const most = Uint8Array.from(keys, (key) => Math.min(255, Math.ceil(SHARED_OF_SHORT * key.length)));
  return (title) => {
    const wanted = new Set<number>();
    eachPiece(title, (piece) => wanted.add(piece));
    const touched: number[] = [];
    for (const piece of wanted)
      for (let at = starts[piece]!; at < starts[piece + 1]!; at++) {
        const holder = holders[at]!;
        if (shared[holder]!++ === 0) touched.push(holder);
      }
    const least = wanted.size * SHARED;
    // Of two that share as much, the shorter one is closer.
    const enough: number[] = [];
    for (const at of touched) if (shared[at]! >= least || shared[at]! >= most[at]!) enough.push(at);
    const near = enough
      .toSorted((a, b) => shared[b]! - shared[a]! || keys[a]!.length - keys[b]!.length || a - b)
      .slice(0, COMPARED);
    for (const at of touched) shared[at] = 0;
    return near
      .map((at) => ({ at, likeness: alike(title, keys[at]!) }))
      .filter(({ likeness }) => likeness >= ALIKE)
      .toSorted((a, b) => b.likeness - a.likeness || a.at - b.at);
  };
}
