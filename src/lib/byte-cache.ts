/** Answers that were made, by key, the least recently used dropped first. */
export interface ByteCache<V extends { bytes: { byteLength: number } }> {
  /** What is kept, or what `make` makes; who asks while it is made shares it. A failure is not kept. */
  get(key: string, make: () => Promise<V>): Promise<V>;
  clear(): void;
}

/** @param capacity bytes that are kept at most; a larger value is handed out and not kept */
export function createByteCache<V extends { bytes: { byteLength: number } }>(capacity: number): ByteCache<V> {
  const kept = new Map<string, V>();
  const making = new Map<string, Promise<V>>();
  let size = 0;
  const drop = (key: string, value: V) => {
    kept.delete(key);
    size -= value.bytes.byteLength;
  };
  const keep = (key: string, value: V) => {
    if (value.bytes.byteLength > capacity) return;
    kept.set(key, value);
    size += value.bytes.byteLength;
    for (const [oldKey, oldValue] of kept) {
      if (size <= capacity) break;
      drop(oldKey, oldValue);
    }
  };
  return {
    async get(key, make) {
      const value = kept.get(key);
      if (value) {
        // To the end of the line.
        kept.delete(key);
        kept.set(key, value);
        return value;
      }
      const underway = making.get(key);
      if (underway) return await underway;
      const made = make();
      making.set(key, made);
      try {
        const fresh = await made;
        // Cleared meanwhile: what was made may be old.
        if (making.get(key) === made) keep(key, fresh);
        return fresh;
      } finally {
        if (making.get(key) === made) making.delete(key);
      }
    },
    clear() {
      kept.clear();
      making.clear();
      size = 0;
    },
  };
}
