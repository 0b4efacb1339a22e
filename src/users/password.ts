/** Hashing passwords: argon2id, a few at a time. */
import { availableParallelism } from "node:os";
import { TooManyRequests, Unprocessable } from "../errors.ts";

/** OWASP's first choice for argon2id: 19 MiB, two passes. About 30 ms here, perhaps 200 on an old NAS. */
const COST = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** Of a password that nobody has, at the same cost: unknown users take as long as wrong passwords. */
const NOBODY =
  "$argon2id$v=19$m=19456,t=2,p=1$nmoUV7uew29yuWXstSIQQxjA1q/JKHveZoFAddx+QLU$PrXdAgwg+NFC1GKnbHKpgO4OQZrYLMlXHZoDEc8hgTA";

/** qBittorrent's minimum; a household's server is not a bank, and failed logins are slowed down. */
const MIN_BYTES = 6;
export const MAX_PASSWORD_BYTES = 1024;

/** @throws Unprocessable when it is too short or too long for a new password */
export function checkNewPassword(password: string): void {
  const bytes = Buffer.byteLength(password);
  if (bytes >= MIN_BYTES && bytes <= MAX_PASSWORD_BYTES) return;
  throw new Unprocessable(`password: expected ${MIN_BYTES} to ${MAX_PASSWORD_BYTES} bytes`);
}

/** @throws TooManyRequests when too many wait already */
export const hashPassword = (password: string): Promise<string> => gate(() => Bun.password.hash(password, COST));

/**
 * @param hash null: there is no such user, and nobody shall see that from the time it takes
 * @throws TooManyRequests when too many wait already
 */
export const verifyPassword = (password: string, hash: string | null): Promise<boolean> =>
  gate(async () => (await Bun.password.verify(password, hash ?? NOBODY)) && hash !== null);

/** One core stays free for everything else; whoever would wait longer than a few seconds is told so at once. */
const gate = createGate(Math.max(1, availableParallelism() - 1), 16);

/**
 * @param running how many run at once
 * @param waiting how many more may wait for that
 */
export function createGate(running: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = running;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve));
    else throw new TooManyRequests("too many logins at once, try again", { retryAfter: 1 });
    try {
      return await work();
    } finally {
      // The place goes to the next in line, or back to the free ones.
      const next = queue.shift();
      if (next) next();
      else free++;
    }
  };
}
