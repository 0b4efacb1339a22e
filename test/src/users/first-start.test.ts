import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { CoreConfig } from "../../../src/config/schema.ts";
import { ensureAdmin, loadJwtSecret } from "../../../src/users/first-start.ts";
import { createUsers, type Users } from "../../../src/users/service.ts";
import { findUser } from "../../../src/users/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { recordingLogger, section } from "../../helpers/http.ts";

let db: TestDatabase;
let users: Users;
beforeAll(async () => {
  db = await testDatabase();
  users = createUsers({ sql: db.sql, changed: () => {} });
});
beforeEach(async () => {
  await db.sql`truncate users, secrets`;
});
afterAll(() => db.drop());

const start = (auth: Partial<CoreConfig["auth"]> = {}) => ensureAdmin(db.sql, section("auth", auth), recordingLogger());
const canLogIn = async (id: string, password: string) => (await users.verify(id, password)) !== null;
const versionOf = async (id: string) => (await findUser(db.sql, id))?.tokenVersion;

describe("ensureAdmin", () => {
  test("makes the admin at the first start, and changes nothing at the next", async () => {
    await start();
    expect(await users.list()).toMatchObject([{ user_id: "admin", role: "admin" }]);
    expect(await canLogIn("admin", "adminpwd")).toBe(true);
    const version = await versionOf("admin");
    await start();
    expect(await versionOf("admin")).toBe(version);
  });

  test("S37 of many servers that start at once, one makes the admin", async () => {
    await Promise.all(Array.from({ length: 5 }, () => start()));
    expect(await users.list()).toHaveLength(1);
  });

  test("a changed auth.admin_password is applied at the next start, and ends old logins", async () => {
    await start();
    const version = await versionOf("admin");
    await start({ admin_password: "the second" });
    expect(await canLogIn("admin", "the second")).toBe(true);
    expect(await canLogIn("admin", "adminpwd")).toBe(false);
    expect(await versionOf("admin")).not.toBe(version);
    await start({ admin_password: "the third" });
    expect(await canLogIn("admin", "the third")).toBe(true);
  });

  test("a password changed by hand stays while auth.admin_password does", async () => {
    await start({ admin_password: "configured" });
    await users.setPassword("admin", "by hand");
    await start({ admin_password: "configured" });
    expect(await canLogIn("admin", "by hand")).toBe(true);
  });

  test("taking auth.admin_password out of the configuration does not bring the factory password back", async () => {
    await start({ admin_password: "configured" });
    await start();
    expect(await canLogIn("admin", "configured")).toBe(true);
    expect(await canLogIn("admin", "adminpwd")).toBe(false);
  });

  test("an existing user named in auth.admin_user becomes an admin, with the password named beside it", async () => {
    await users.add("alice", "alice's own", "user");
    await start({ admin_user: "alice" });
    expect(await users.list()).toMatchObject([{ user_id: "alice", role: "admin" }]);
    expect(await canLogIn("alice", "alice's own")).toBe(true);
    await start({ admin_user: "alice", admin_password: "configured" });
    expect(await canLogIn("alice", "configured")).toBe(true);
  });

  test("an admin that was removed is made again", async () => {
    await users.add("root", "root's own", "admin");
    await start();
    await users.remove("admin");
    await start();
    expect(await canLogIn("admin", "adminpwd")).toBe(true);
  });

  test("a name that cannot be one is a mistake in the configuration", async () => {
    await expect(start({ admin_user: "a b" })).rejects.toMatchObject({
      exitCode: 78,
      message: "auth.admin_user: expected 1 to 64 letters, digits or . _ @ + -, with a letter or digit first",
    });
    await users.add("Admin", "admin's own", "user");
    await expect(start()).rejects.toMatchObject({ exitCode: 78 });
  });
});

describe("S22 loadJwtSecret", () => {
  const load = async (jwt_secret: string) => Buffer.from(await loadJwtSecret(db.sql, section("auth", { jwt_secret })));

  test("takes the configured one when it is long enough", async () => {
    expect((await load("x".repeat(32))).toString()).toBe("x".repeat(32));
  });

  test.each(["dev-secret", "", "short"])(
    "%p is replaced by random bytes, made once and the same for all",
    async (secret) => {
      const [one, ...others] = await Promise.all(Array.from({ length: 5 }, () => load(secret)));
      expect(one).toHaveLength(32);
      expect(others.every((other) => other.equals(one!))).toBe(true);
      expect(await load(secret)).toEqual(one!);
    },
  );
});
