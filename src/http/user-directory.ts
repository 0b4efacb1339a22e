/** Who exists just now: asked at every request, so kept in memory for seconds and forgotten at the first sign of change. */
import type { EventHub, Role } from "../core.ts";
import { Unavailable } from "../errors.ts";
import { within } from "../lib/within.ts";

export interface KnownUser {
  role: Role;
  /** Changes with the password and the role: tokens of another version are dead. */
  tokenVersion: string;
}

/** Published on {@link USERS_TOPIC} at every change; null when changes may have been missed. */
export type UserChange = { userId: string; tokenVersion: string | null } | null;

export const USERS_TOPIC = "users";
/** Ends what goes on in a user's name: event streams subscribe to it. */
export const revokedTopic = (userId: string): string => `user:${userId}:revoked`;

export interface UserDirectory {
  /** null when there is no such user. Throws `Unavailable` when the database does not answer in time. */
  get(userId: string): Promise<KnownUser | null>;
}

/** Only a safety net: changes are announced, by this process and by the others. */
const MAX_AGE_MS = 5_000;
const MAX_ENTRIES = 10_000;
const DEADLINE_MS = 5_000;

/** @param find asks the database */
export function createUserDirectory({
  find,
  events,
}: {
  find(userId: string): Promise<KnownUser | null>;
  events: EventHub;
}): UserDirectory {
  const entries = new Map<string, { user: KnownUser; at: number }>();
  /** Counts changes, so that an answer that was under way during one is not kept. */
  let changes = 0;

  const load = async (userId: string): Promise<KnownUser | null> => {
    const before = changes;
    const found = find(userId);
    if (!(await within(found, DEADLINE_MS))) throw new Unavailable("the database does not answer", { retryAfter: 2 });
    const user = await found;
    // Who does not exist is not kept either: they may register and be here the next moment.
    if (user && changes === before) {
      if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value!);
      entries.set(userId, { user, at: performance.now() });
    }
    return user;
  };

  const revoke = (userId: string) => {
    changes++;
    entries.delete(userId);
    events.publish(revokedTopic(userId));
  };

  /** After the ear was deaf: whoever was known is looked up again, and who has changed is revoked. */
  const recheck = async () => {
    changes++;
    const before = [...entries];
    entries.clear();
    for (const [userId, { user }] of before) {
      const fresh = await load(userId);
      if (fresh?.tokenVersion !== user.tokenVersion) revoke(userId);
    }
  };

  events.subscribe(USERS_TOPIC, (data) => {
    const change = data as UserChange;
    // When the database cannot be asked, the next to need a user will say so.
    if (change === null) return void recheck().catch(() => {});
    // A change of our own comes back as a notification: whoever logged in since must not be thrown out by the echo.
    if (entries.get(change.userId)?.user.tokenVersion !== change.tokenVersion) revoke(change.userId);
  });

  return {
    get: async (userId) => {
      const entry = entries.get(userId);
      return entry && performance.now() - entry.at < MAX_AGE_MS ? entry.user : load(userId);
    },
  };
}
