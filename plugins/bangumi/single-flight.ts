/** Who asks the same while an answer is under way shares it. Nothing is kept after that. */
export type SingleFlight = <T>(key: string, ask: () => Promise<T>) => Promise<T>;

/** A key must always stand for the same kind of answer. */
export function createSingleFlight(): SingleFlight {
  const underway = new Map<string, Promise<unknown>>();
  return <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const found = underway.get(key);
    if (found) return found as Promise<T>;
    const asked = ask().finally(() => underway.delete(key));
    underway.set(key, asked);
    return asked;
  };
}
