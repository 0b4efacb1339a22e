import { describe, expect, test } from "bun:test";
import { createAuth } from "../../../src/http/auth.ts";
import { createTokens } from "../../../src/http/tokens.ts";
import { createUserDirectory, type KnownUser, USERS_TOPIC } from "../../../src/http/user-directory.ts";
import { createEventHub } from "../../../src/lib/event-hub.ts";

const ITEM = "0123456789abcdef";
const OTHER_ITEM = "fedcba9876543210";

function setUp() {
  const events = createEventHub();
  const people = new Map<string, KnownUser>([
    ["alice", { role: "user", tokenVersion: "1" }],
    ["root", { role: "admin", tokenVersion: "1" }],
    ["mallory", { role: "admin", tokenVersion: "1" }],
  ]);
  const tokens = createTokens({ secret: crypto.getRandomValues(new Uint8Array(32)), loginTtlSecs: 60 });
  const users = createUserDirectory({ find: async (id) => people.get(id) ?? null, events });
  const auth = createAuth({ tokens, users, blockedUsers: ["mallory"] });
  const login = (userId: string) => tokens.signLogin({ userId, version: "1" });
  const change = (userId: string, user: KnownUser | null) => {
    if (user) people.set(userId, user);
    else people.delete(userId);
    events.publish(USERS_TOPIC, { userId, tokenVersion: user?.tokenVersion ?? null });
  };
  return { ...auth, tokens, login, change };
}

const asking = (token: string | null, query = "") => ({
  request: new Request(`http://localhost/api${query}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  }),
});

/** The status that a guard refuses with; 200 when it lets the caller in. */
const status = (guard: Promise<unknown>): Promise<number> =>
  guard.then(
    () => 200,
    (error: { status: number }) => error.status,
  );

describe("guards", () => {
  test("a login token lets its user in, with the role that the database says", async () => {
    const { guards, login } = setUp();
    expect(await guards.user(asking(await login("alice")))).toEqual({ caller: { userId: "alice", role: "user" } });
    expect(await guards.admin(asking(await login("root")))).toEqual({ caller: { userId: "root", role: "admin" } });
  });

  test("no token, a bad one and another scheme are 401", async () => {
    const { guards } = setUp();
    expect(await status(guards.user(asking(null)))).toBe(401);
    expect(await status(guards.user(asking("abc")))).toBe(401);
    const basic = new Request("http://localhost/", { headers: { authorization: "Basic YTpi" } });
    expect(await status(guards.user({ request: basic }))).toBe(401);
  });

  test("S23 a user is no admin, whatever the token says", async () => {
    const { guards, login } = setUp();
    expect(await status(guards.admin(asking(await login("alice"))))).toBe(403);
  });

  test("S24 tokens die with the password, the role and the user", async () => {
    const { guards, login, change } = setUp();
    const [alice, root] = [await login("alice"), await login("root")];
    expect(await status(guards.user(asking(alice)))).toBe(200);
    change("alice", { role: "user", tokenVersion: "2" });
    expect(await status(guards.user(asking(alice)))).toBe(401);
    change("root", { role: "user", tokenVersion: "2" });
    expect(await status(guards.admin(asking(root)))).toBe(401);
    change("alice", null);
    expect(await status(guards.user(asking(alice)))).toBe(401);
  });

  test("a token in the query counts where it is asked for, and nowhere else", async () => {
    const { guards, login } = setUp();
    const query = `?token=${await login("alice")}`;
    expect(await status(guards.user(asking(null, query)))).toBe(401);
    expect(await status(guards.userOrQuery(asking(null, query)))).toBe(200);
    expect(await status(guards.userOrQuery(asking("abc", query)))).toBe(401);
    expect(await status(guards.userOrQuery(asking(null)))).toBe(401);
  });

  test("a blocked user is refused with whatever token", async () => {
    const { guards, login, tokens } = setUp();
    const token = await login("mallory");
    expect(await status(guards.user(asking(token)))).toBe(403);
    expect(await status(guards.userOrQuery(asking(null, `?token=${token}`)))).toBe(403);
    const file = await tokens.signFile({ userId: "mallory", version: "1" }, ITEM);
    expect(await status(guards.checkFileToken(file, ITEM))).toBe(403);
  });
});

describe("file tokens", () => {
  test("are good for their item, and refused by the API", async () => {
    const { guards } = setUp();
    const token = await guards.signFileToken({ userId: "alice", role: "user" }, ITEM);
    expect(await guards.checkFileToken(token, ITEM)).toEqual({ userId: "alice", role: "user" });
    expect(await status(guards.checkFileToken(token, OTHER_ITEM))).toBe(401);
    expect(await status(guards.user(asking(token)))).toBe(401);
    expect(await status(guards.userOrQuery(asking(null, `?token=${token}`)))).toBe(401);
  });

  test("a login token opens files too", async () => {
    const { guards, login } = setUp();
    expect(await guards.checkFileToken(await login("alice"), ITEM)).toEqual({ userId: "alice", role: "user" });
  });

  test("S26 die with the user and the password", async () => {
    const { guards, change } = setUp();
    const token = await guards.signFileToken({ userId: "alice", role: "user" }, ITEM);
    change("alice", { role: "user", tokenVersion: "2" });
    expect(await status(guards.checkFileToken(token, ITEM))).toBe(401);
    change("alice", null);
    expect(await status(guards.signFileToken({ userId: "alice", role: "user" }, ITEM))).toBe(401);
  });
});

test("identify finds the user of a valid token and nobody otherwise", async () => {
  const { identify, login, guards } = setUp();
  expect(await identify(asking(await login("alice")).request)).toEqual({ userId: "alice", role: "user" });
  expect(await identify(asking("forged").request)).toBeNull();
  expect(await identify(asking(null).request)).toBeNull();
  const file = await guards.signFileToken({ userId: "alice", role: "user" }, ITEM);
  expect(await identify(asking(file).request)).toBeNull();
});
