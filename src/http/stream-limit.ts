import { TooManyRequests } from "../errors.ts";

/**
 * Bounds how many streams one user has open: they count neither against the rate nor against the requests in flight.
 * @returns takes a place for the user and gives a function that frees it; throws TooManyRequests when there is none
 */
export function createStreamLimit(max: number): (userId: string) => () => void {
  const open = new Map<string, number>();
  return (userId) => {
    const count = open.get(userId) ?? 0;
    if (count >= max) throw new TooManyRequests("too many event streams are open, close one first", { retryAfter: 5 });
    open.set(userId, count + 1);
    return () => {
      const left = open.get(userId)! - 1;
      if (left > 0) open.set(userId, left);
      else open.delete(userId);
    };
  };
}
