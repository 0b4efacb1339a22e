import { describe, expect, test } from "bun:test";
import { createUserDirectory, type KnownUser, revokedTopic, USERS_TOPIC } from "../../../src/http/user-directory.ts";
import { createEventHub } from "../../../src/lib/event-hub.ts";

function directory() {
  const events = createEventHub();
  const rows = new Map<string, KnownUser>([["alice", { role: "user", tokenVersion: "1" }]]);
  const asked: string[] = [];
  const revoked: string[] = [];
  for (const id of ["alice", "bob"]) events.subscribe(revokedTopic(id), () => revoked.push(id));
  let answer = async (id: string) => rows.get(id) ?? null;
  const users = createUserDirectory({
    events,
    find: (id) => {
      asked.push(id);
      return answer(id);
    },
  });
  const become = (find: typeof answer) => {
    answer = find;
  };
  return { events, rows, asked, revoked, users, become };
}

describe("the user directory", () => {
  test("asks the database once for many requests", async () => {
    const { users, asked } = directory();
    for (let i = 0; i < 5; i++) expect((await users.get("alice"))?.role).toBe("user");
    expect(asked).toEqual(["alice"]);
  });

  test("S24 a change is known at once, and ends what goes on in the user's name", async () => {
    const { users, events, rows, revoked } = directory();
    await users.get("alice");
    rows.set("alice", { role: "user", tokenVersion: "2" });
    events.publish(USERS_TOPIC, { userId: "alice", tokenVersion: "2" });
    expect(revoked).toEqual(["alice"]);
    expect((await users.get("alice"))?.tokenVersion).toBe("2");
  });

  test("the echo of a change does not end what began after it", async () => {
    const { users, events, rows, revoked } = directory();
    await users.get("alice");
    rows.set("alice", { role: "user", tokenVersion: "2" });
    const change = { userId: "alice", tokenVersion: "2" };
    events.publish(USERS_TOPIC, change);
    await users.get("alice");
    events.publish(USERS_TOPIC, change);
    expect(revoked).toEqual(["alice"]);
  });

  test("S24 a deleted user is gone at once", async () => {
    const { users, events, rows, revoked } = directory();
    await users.get("alice");
    rows.delete("alice");
    events.publish(USERS_TOPIC, { userId: "alice", tokenVersion: null });
    expect(await users.get("alice")).toBeNull();
    expect(revoked).toEqual(["alice"]);
  });

  test("who registers after being asked for is there at once", async () => {
    const { users, rows } = directory();
    expect(await users.get("bob")).toBeNull();
    rows.set("bob", { role: "user", tokenVersion: "1" });
    expect(await users.get("bob")).not.toBeNull();
  });

  test("an answer that was under way during a change is not kept", async () => {
    const { users, events, rows, become } = directory();
    const slow = Promise.withResolvers<KnownUser>();
    become(() => slow.promise);
    const before = users.get("alice");
    rows.set("alice", { role: "user", tokenVersion: "2" });
    events.publish(USERS_TOPIC, { userId: "alice", tokenVersion: "2" });
    become(async (id) => rows.get(id) ?? null);
    slow.resolve({ role: "user", tokenVersion: "1" });
    await before;
    expect((await users.get("alice"))?.tokenVersion).toBe("2");
  });

  test("when changes may have been missed, whoever changed is revoked and nobody else", async () => {
    const { users, events, rows, revoked } = directory();
    rows.set("bob", { role: "user", tokenVersion: "1" });
    await users.get("alice");
    await users.get("bob");
    rows.set("bob", { role: "user", tokenVersion: "2" });
    const { promise, resolve } = Promise.withResolvers<void>();
    events.subscribe(revokedTopic("bob"), () => resolve());
    events.publish(USERS_TOPIC, null);
    await promise;
    expect(revoked).toEqual(["bob"]);
  });

  test("R12 a database that cannot be asked is told, and asked again at the next request", async () => {
    const { users, rows, become } = directory();
    become(() => Promise.reject(new Error("away")));
    await expect(users.get("alice")).rejects.toThrow("away");
    become(async (id) => rows.get(id) ?? null);
    expect(await users.get("alice")).not.toBeNull();
  });
});
