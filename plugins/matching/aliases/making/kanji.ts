/**
 * How two characters are read together that no dictionary has together (`聖杯`, `星間`): by the Chinese readings that each of them
 * has in the pairs which the dictionary does have. `聖書` and `聖人` tell せい, `乾杯` and `祝杯` はい.
 */

export interface Entry {
  surface: string;
  /** In hiragana. */
  reading: string;
}

const PAIR = /^[\u3400-\u9fff]{2}$/;
/** A Chinese reading is one syllable and what Japanese makes of a final consonant. */
const CHINESE = /^[ぁ-ゖ][ゃゅょ]?[いうんくきつちっ]?$/;
const ROUNDS = 4;
/** `乾杯` is kanpai for the n before it: by itself the character has はい. */
const HARDENED: Record<string, string> = { ぱ: "は", ぴ: "ひ", ぷ: "ふ", ぺ: "へ", ぽ: "ほ" };

/** The share of the pairs in which a character has a reading. */
type Shares = Map<string, Map<string, number>>;

/** Where a pair's reading may be cut is a guess that gets better with what the other pairs say (expectation-maximization). */
export function chineseReadings(entries: readonly Entry[]): (pair: string) => string | undefined {
  const pairs = entries
    .filter(({ surface }) => PAIR.test(surface))
    .map(({ surface, reading }) => ({ first: surface[0]!, second: surface[1]!, cuts: cutsOf(reading) }))
    .filter(({ cuts }) => cuts.length > 0);
  let shares: [Shares, Shares] | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const next: [Shares, Shares] = [new Map(), new Map()];
    for (const { first, second, cuts } of pairs) {
      const weights = cuts.map(([a, b]) => (shares ? shareOf(shares[0], first, a) * shareOf(shares[1], second, b) : 1));
      const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
      for (const [at, [a, b]] of cuts.entries()) {
        add(next[0], first, a, weights[at]! / sum);
        add(next[1], second, b, weights[at]! / sum);
      }
    }
    shares = next;
  }
  const [firsts, seconds] = shares!;
  return (pair) => {
    const [a, b] = [commonest(firsts.get(pair[0]!)), commonest(seconds.get(pair[1]!))];
    return a === undefined || b === undefined ? undefined : a + b;
  };
}

const cutsOf = (reading: string): [string, string][] =>
  Array.from({ length: Math.max(0, reading.length - 1) }, (_, at): [string, string] => [
    reading.slice(0, at + 1),
    reading.slice(at + 1).replace(/^[ぱぴぷぺぽ]/, (kana) => HARDENED[kana]!),
  ]).filter(([a, b]) => CHINESE.test(a) && CHINESE.test(b));

function add(shares: Shares, character: string, reading: string, weight: number): void {
  const all = shares.get(character) ?? new Map<string, number>();
  shares.set(character, all.set(reading, (all.get(reading) ?? 0) + weight));
}

const shareOf = (shares: Shares, character: string, reading: string): number =>
  shares.get(character)?.get(reading) ?? 0;

const commonest = (readings: Map<string, number> | undefined): string | undefined =>
  readings && [...readings].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
