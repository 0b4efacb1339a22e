/** In-process publish and subscribe. */
export interface EventHub {
  publish(topic: string, data?: unknown): void;
  /** @returns a function that ends the subscription */
  subscribe(topic: string, listener: (data: unknown) => void): () => void;
}

/**
 * A hub that calls its listeners at once, in the order in which they came.
 * @param onError hears what a listener threw, which is a bug: it keeps the news neither from the others nor from later calls
 */
export function createEventHub(onError: (error: unknown) => void = console.error): EventHub {
  const topics = new Map<string, Set<(data: unknown) => void>>();
  return {
    publish(topic, data) {
      // A copy: a listener may end its own or another subscription.
      for (const listener of [...(topics.get(topic) ?? [])]) {
        try {
          listener(data);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(topic, listener) {
      // Wrapped, so that one function can subscribe twice and each end only its own.
      const entry = (data: unknown) => listener(data);
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(entry));
      return () => {
        listeners.delete(entry);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
      };
    },
  };
}
