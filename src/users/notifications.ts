import type { Sql } from "postgres";
import type { EventHub } from "../core.ts";
import { USERS_TOPIC, type UserChange } from "../http/user-directory.ts";

/** The trigger on `users` notifies here. */
const CHANNEL = "anicargo_users";

/**
 * Publishes every change of a user that any process makes, so that a token that was revoked there is refused here at once.
 * postgres.js listens again by itself after a lost connection; what was said meanwhile is lost, and that is published too.
 */
export async function listenForUsers(sql: Sql, events: EventHub): Promise<{ close(): Promise<void> }> {
  const { unlisten } = await sql.listen(
    CHANNEL,
    (payload) => events.publish(USERS_TOPIC, JSON.parse(payload) as UserChange),
    () => events.publish(USERS_TOPIC, null),
  );
  return { close: unlisten };
}
