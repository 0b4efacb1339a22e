/** Which subjects this process has stored a moment ago, so that the overlap of thousands of searches is written once. */
import type { ToldSubject } from "./answer.ts";

/** As long as the store leaves the time on an unchanged row alone. */
const MAX_AGE_MS = 3_600_000;
const MAX_ENTRIES = 50_000;

export interface ToldBefore {
  /** Those that say something new, or were stored long ago. */
  news(subjects: readonly ToldSubject[]): ToldSubject[];
  /** To be called when they are stored. */
  stored(subjects: readonly ToldSubject[]): void;
  /** The database has lost some. */
  forget(): void;
}

/** @param now milliseconds */
export function createToldBefore(now: () => number = () => performance.now()): ToldBefore {
  const known = new Map<number, { content: bigint; at: number }>();
  const contentOf = ({ raw }: ToldSubject) => Bun.hash.wyhash(JSON.stringify(raw));
  return {
    news: (subjects) =>
      subjects.filter((subject) => {
        const before = known.get(subject.id);
        return !before || now() - before.at >= MAX_AGE_MS || before.content !== contentOf(subject);
      }),
    stored(subjects) {
      if (known.size + subjects.length > MAX_ENTRIES) known.clear();
      for (const subject of subjects) known.set(subject.id, { content: contentOf(subject), at: now() });
    },
    forget: () => known.clear(),
  };
}
