/** Segments that were made lately, so that one is not made twice because its reader was slow. */

export interface Recent {
  get(key: string): Uint8Array | undefined;
  put(key: string, bytes: Uint8Array): void;
}

/** @param capacity bytes; the least recently used go first, what is larger is not kept */
export function createRecent(capacity: number): Recent {
  const kept = new Map<string, Uint8Array>();
  let size = 0;
  const take = (key: string): Uint8Array | undefined => {
    const bytes = kept.get(key);
    if (bytes) {
      kept.delete(key);
      size -= bytes.length;
    }
    return bytes;
  };
  const recent: Recent = {
    get(key) {
      const bytes = take(key);
      if (bytes) recent.put(key, bytes);
      return bytes;
    },
    put(key, bytes) {
      take(key);
      if (bytes.length > capacity) return;
      kept.set(key, bytes);
      size += bytes.length;
      for (const oldest of kept.keys()) {
        if (size <= capacity) break;
        take(oldest);
      }
    },
  };
  return recent;
}
