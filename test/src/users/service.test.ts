import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createUsers, type Users } from "../../../src/users/service.ts";
import { findUser } from "../../../src/users/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";

let db: TestDatabase;
let users: Users;
let changes: [string, string | null][];
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.sql`truncate users`;
  changes = [];
  users = createUsers({ sql: db.sql, changed: (...change) => void changes.push(change) });
});
afterAll(() => db.drop());

const versionOf = async (id: string) => (await findUser(db.sql, id))?.tokenVersion ?? null;

describe("accounts", () => {
  test("are added and listed, without a trace of the password", async () => {
    const added = await users.add("bob", "bob's own", "user");
    await users.add("alice", "alice's own", "admin");
    expect(added).toEqual({ user_id: "bob", role: "user", created_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect((await users.list()).map(({ user_id, role }) => [user_id, role])).toEqual([
      ["alice", "admin"],
      ["bob", "user"],
    ]);
  });

  test("a name is taken once, in whatever letters", async () => {
    await users.add("Alice", "alice's own", "user");
    for (const name of ["Alice", "alice", "ALICE"]) {
      await expect(users.add(name, "another", "user")).rejects.toMatchObject({ status: 409 });
    }
  });

  test("of many who want one name at once, one gets it", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => users.add("alice", "alice's own", "user")),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("a name or password that will not do is refused", async () => {
    await expect(users.add("a b", "alice's own", "user")).rejects.toMatchObject({ status: 422 });
    await expect(users.add("alice", "short", "user")).rejects.toMatchObject({ status: 422 });
    expect(await users.list()).toEqual([]);
  });

  test("S38 a zero byte in a name looked for is not stored, and finds nobody", async () => {
    await expect(users.verify("a\u0000b", "alice's own")).rejects.toMatchObject({ code: "22021" });
  });
});

describe("verify", () => {
  test("knows the right password from wrong ones and unknown users", async () => {
    await users.add("Zo\u00eb", "zoe's own", "user");
    expect((await users.verify("Zo\u00eb", "zoe's own"))?.id).toBe("Zo\u00eb");
    expect((await users.verify("Zoe\u0308", "zoe's own"))?.id).toBe("Zo\u00eb");
    expect(await users.verify("Zo\u00eb", "Zoe's own")).toBeNull();
    expect(await users.verify("nobody", "zoe's own")).toBeNull();
  });
});

describe("setPassword", () => {
  test("S24 makes a new token version, and says so before it returns", async () => {
    await users.add("alice", "alice's own", "user");
    const before = await versionOf("alice");
    await users.setPassword("alice", "another one");
    const after = await versionOf("alice");
    expect(after).not.toBe(before);
    expect(changes).toEqual([["alice", after]]);
    expect(await users.verify("alice", "another one")).not.toBeNull();
    expect(await users.verify("alice", "alice's own")).toBeNull();
  });

  test("refuses bad passwords and unknown users, and changes nothing", async () => {
    await users.add("alice", "alice's own", "user");
    await expect(users.setPassword("alice", "short")).rejects.toMatchObject({ status: 422 });
    await expect(users.setPassword("nobody", "another one")).rejects.toMatchObject({ status: 404, exitCode: 66 });
    expect(changes).toEqual([]);
    expect(await users.verify("alice", "alice's own")).not.toBeNull();
  });
});

describe("remove", () => {
  test("ends the user, and says so before it returns", async () => {
    await users.add("alice", "alice's own", "user");
    await users.remove("alice");
    expect(changes).toEqual([["alice", null]]);
    expect(await users.list()).toEqual([]);
    await expect(users.remove("alice")).rejects.toMatchObject({ status: 404, exitCode: 66 });
  });

  test("who registers again under the name has a new token version: old tokens stay dead", async () => {
    await users.add("alice", "alice's own", "user");
    const before = await versionOf("alice");
    await users.remove("alice");
    await users.add("alice", "alice's own", "user");
    expect(await versionOf("alice")).not.toBe(before);
  });

  test("S37 the last admin cannot go", async () => {
    await users.add("root", "root's own", "admin");
    await users.add("alice", "alice's own", "user");
    await expect(users.remove("root")).rejects.toMatchObject({ status: 409 });
    await users.remove("alice");
    expect(await users.list()).toHaveLength(1);
  });

  test("S37 of two admins who remove each other at once, one stays", async () => {
    for (let round = 0; round < 5; round++) {
      await db.sql`truncate users`;
      await users.add("root", "root's own", "admin");
      await users.add("toor", "toor's own", "admin");
      await Promise.allSettled([users.remove("root"), users.remove("toor")]);
      expect(await users.list()).toHaveLength(1);
    }
  });
});
