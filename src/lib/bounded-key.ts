/** How many different keys {@link boundedKey} makes at most. */
export const MAX_KEYS = 1 << 15;

/** Nobody outside can choose texts that meet in one key. */
const seed = crypto.getRandomValues(new BigUint64Array(1))[0]!;

/**
 * Folds any number of texts into a fixed number of keys, so that what is counted by them is bounded in memory whoever
 * sends what. Two texts meet in a key once in {@link MAX_KEYS} times, and then share a count.
 */
export const boundedKey = (text: string): string => String(Number(Bun.hash.wyhash(text, seed) % BigInt(MAX_KEYS)));
