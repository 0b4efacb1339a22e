import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createTokens } from "../../../src/http/tokens.ts";
import { revokedTopic } from "../../../src/http/user-directory.ts";
import { loadJwtSecret } from "../../../src/users/first-start.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { section } from "../../helpers/http.ts";
import { startUsersHttp, type UsersHttp } from "../../helpers/users-http.ts";

let db: TestDatabase;
let http: UsersHttp;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.sql`truncate users, secrets`;
});
afterEach(() => http.stop());
afterAll(() => db.drop());

const start = async (...args: Parameters<typeof startUsersHttp> extends [unknown, ...infer Rest] ? Rest : never) => {
  http = await startUsersHttp(db, ...args);
};
const credentials = (user_id: string, password: string) => ({ body: { user_id, password } });
const registration = (user_id: string, invite_code = "invitecode") => ({
  body: { user_id, password: `${user_id}'s own`, invite_code },
});

describe("POST /api/auth/login", () => {
  test("answers a token that works, who it is for and how long it lasts", async () => {
    await start({ auth: { token_ttl_secs: 60 } });
    const { status, body, headers } = await http.ask("POST", "/api/auth/login", credentials("admin", "adminpwd"));
    expect(status).toBe(200);
    expect(body).toEqual({ token: expect.any(String), user_id: "admin", role: "admin", expires_in: 60 });
    expect(headers.get("cache-control")).toBe("no-store");
    const { token } = body as { token: string };
    expect((await http.ask("GET", "/api/users", { token })).status).toBe(200);
  });

  test("S25 a wrong password and an unknown user are told in the same words", async () => {
    await start();
    const wrong = await http.ask("POST", "/api/auth/login", credentials("admin", "adminpwt"));
    const unknown = await http.ask("POST", "/api/auth/login", credentials("nobody", "adminpwd"));
    expect([wrong.status, wrong.body]).toEqual([401, { error: "invalid credentials" }]);
    expect([unknown.status, unknown.body]).toEqual([401, { error: "invalid credentials" }]);
  });

  test("S28 a body that does not fit is refused without being repeated", async () => {
    await start();
    const refused = await http.ask("POST", "/api/auth/login", { body: { user_id: 1, password: "SuperSecret!" } });
    expect([refused.status, refused.body]).toEqual([
      422,
      { error: "body.user_id: expected string of 1 to 256 characters" },
    ]);
    const long = await http.ask("POST", "/api/auth/login", credentials("admin", "x".repeat(1025)));
    expect(long.status).toBe(422);
    expect(JSON.stringify(http.log.lines)).not.toContain("SuperSecret");
  });

  test("S31 guessing is slowed down, and says until when", async () => {
    await start();
    const guess = () => http.ask("POST", "/api/auth/login", credentials("admin", "guessed"));
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 61);
  });

  test("S38 a zero byte in a name is 400", async () => {
    await start();
    expect((await http.ask("POST", "/api/auth/login", credentials("a\u0000b", "adminpwd"))).status).toBe(400);
  });
});

describe("S22 the factory secrets", () => {
  const elsewhere = { from: "elsewhere" } as const;

  test("let this machine in and nobody else, who is told which key to set", async () => {
    await start();
    const login = await http.ask("POST", "/api/auth/login", { ...credentials("admin", "adminpwd"), ...elsewhere });
    expect(login.status).toBe(403);
    expect(login.body).toEqual({ error: expect.stringContaining("auth.admin_password (ANICARGO_ADMIN_PASSWORD)") });
    const register = await http.ask("POST", "/api/users", { ...registration("alice"), ...elsewhere });
    expect(register.status).toBe(403);
    expect(register.body).toEqual({ error: expect.stringContaining("auth.invite_code (ANICARGO_INVITE_CODE)") });
    expect((await http.ask("POST", "/api/auth/login", credentials("admin", "adminpwd"))).status).toBe(200);
    expect((await http.ask("POST", "/api/users", registration("alice"))).status).toBe(201);
  });

  test("are not told from elsewhere to be right when they are not in use", async () => {
    await start({ auth: { admin_password: "my own password", invite_code: "my own code" } });
    const login = await http.ask("POST", "/api/auth/login", { ...credentials("admin", "adminpwd"), ...elsewhere });
    expect(login.status).toBe(401);
    expect((await http.ask("POST", "/api/users", { ...registration("alice"), ...elsewhere })).status).toBe(401);
  });

  test("of one's own work from everywhere", async () => {
    await start({ auth: { admin_password: "my own password", invite_code: "my own code" } });
    const login = await http.ask("POST", "/api/auth/login", {
      ...credentials("admin", "my own password"),
      ...elsewhere,
    });
    expect(login.status).toBe(200);
    const register = await http.ask("POST", "/api/users", { ...registration("alice", "my own code"), ...elsewhere });
    expect(register.status).toBe(201);
  });
});

describe("POST /api/users", () => {
  test("registers a user, whatever role they wish for", async () => {
    await start();
    const wish = registration("alice");
    const { status, body } = await http.ask("POST", "/api/users", { body: { ...wish.body, role: "admin" } });
    expect([status, body]).toEqual([201, { user_id: "alice", role: "user" }]);
    expect((await http.ask("POST", "/api/auth/login", credentials("alice", "alice's own"))).status).toBe(200);
  });

  test("409 for a name that is taken, 422 for one that will not do", async () => {
    await start();
    expect((await http.ask("POST", "/api/users", registration("ADMIN"))).status).toBe(409);
    expect((await http.ask("POST", "/api/users", registration("a b"))).status).toBe(422);
    const short = await http.ask("POST", "/api/users", {
      body: { user_id: "alice", password: "short", invite_code: "invitecode" },
    });
    expect([short.status, short.body]).toEqual([422, { error: "password: expected 6 to 1024 bytes" }]);
  });

  test("S25 a bad invite code is 401 and tells nothing about names, and guessing it is slowed down", async () => {
    await start();
    for (let i = 0; i < 30; i++) {
      const { status, body } = await http.ask(
        "POST",
        "/api/users",
        registration(i % 2 ? "admin" : "alice", `guess ${i}`),
      );
      expect([status, body]).toEqual([401, { error: "invalid invite code" }]);
    }
    expect((await http.ask("POST", "/api/users", registration("alice", "guess"))).status).toBe(429);
  });

  test("an empty invite code closes registration, also for who sends an empty one", async () => {
    await start({ auth: { invite_code: "" } });
    expect((await http.ask("POST", "/api/users", registration("alice", ""))).status).toBe(401);
  });
});

describe("PUT /api/users/:id/password", () => {
  const path = "/api/users/alice/password";
  const another = { password: "another one" };
  beforeEach(async () => {
    await start();
    await http.users.add("alice", "alice's own", "user");
    await http.users.add("bob", "bob's own", "user");
  });

  test("one's own needs the current one, and ends one's logins", async () => {
    const token = await http.tokenOf("alice");
    const missing = await http.ask("PUT", path, { token, body: another });
    expect([missing.status, missing.body]).toEqual([
      422,
      { error: "body.current_password: needed to change one's own password" },
    ]);
    const wrong = await http.ask("PUT", path, { token, body: { ...another, current_password: "guessed" } });
    expect([wrong.status, wrong.body]).toEqual([403, { error: "the current password is wrong" }]);
    const right = await http.ask("PUT", path, { token, body: { ...another, current_password: "alice's own" } });
    expect([right.status, right.body]).toEqual([204, ""]);
    expect((await http.ask("DELETE", "/api/users/alice", { token })).status).toBe(401);
    expect((await http.ask("POST", "/api/auth/login", credentials("alice", "another one"))).status).toBe(200);
  });

  test("S31 guessing the current one with a stolen token is slowed down", async () => {
    const token = await http.tokenOf("alice");
    const guess = () => http.ask("PUT", path, { token, body: { ...another, current_password: "guessed" } });
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(403);
    expect((await guess()).status).toBe(429);
  });

  test("an admin changes anybody's, but their own like everybody", async () => {
    const token = await http.tokenOf("admin");
    expect((await http.ask("PUT", path, { token, body: another })).status).toBe(204);
    expect((await http.ask("PUT", "/api/users/nobody/password", { token, body: another })).status).toBe(404);
    expect((await http.ask("PUT", "/api/users/admin/password", { token, body: another })).status).toBe(422);
  });

  test("S37 nobody else's is changed, nor is it told who exists", async () => {
    const token = await http.tokenOf("bob");
    for (const id of ["alice", "nobody"]) {
      const { status, body } = await http.ask("PUT", `/api/users/${id}/password`, { token, body: another });
      expect([status, body]).toEqual([403, { error: "only an admin may do this to another user" }]);
    }
    expect((await http.ask("POST", "/api/auth/login", credentials("alice", "alice's own"))).status).toBe(200);
  });
});

describe("DELETE /api/users/:id", () => {
  beforeEach(async () => {
    await start();
    await http.users.add("alice", "alice's own", "user");
    await http.users.add("bob", "bob's own", "user");
  });

  test("an admin deletes anybody, a user only themselves", async () => {
    const [admin, bob] = [await http.tokenOf("admin"), await http.tokenOf("bob")];
    expect((await http.ask("DELETE", "/api/users/alice", { token: bob })).status).toBe(403);
    expect((await http.ask("DELETE", "/api/users/alice", { token: admin })).status).toBe(204);
    expect((await http.ask("DELETE", "/api/users/alice", { token: admin })).status).toBe(404);
    expect((await http.ask("DELETE", "/api/users/bob", { token: bob })).status).toBe(204);
    expect((await http.ask("DELETE", "/api/users/bob", { token: bob })).status).toBe(401);
  });

  test("the last admin cannot go", async () => {
    const token = await http.tokenOf("admin");
    const { status, body } = await http.ask("DELETE", "/api/users/admin", { token });
    expect([status, body]).toEqual([409, { error: "the last admin cannot be removed" }]);
  });

  test("a name with other letters than ASCII finds its user", async () => {
    await http.users.add("小明", "小明's own", "user");
    const token = await http.tokenOf("admin");
    expect((await http.ask("DELETE", `/api/users/${encodeURIComponent("小明")}`, { token })).status).toBe(204);
  });
});

test("GET /api/users lists who is there", async () => {
  await start();
  const { body } = await http.ask("GET", "/api/users", { token: await http.tokenOf("admin") });
  expect(body).toEqual([
    { user_id: "admin", role: "admin", created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
  ]);
});

describe("S24 what another process changes", () => {
  test.each([
    ["a password", "update users set token_version = gen_random_uuid() where id = 'alice'"],
    ["a user that is gone", "delete from users where id = 'alice'"],
  ])("counts here at once: %s", async (_what, statement) => {
    await start();
    await http.users.add("alice", "alice's own", "user");
    const token = await http.tokenOf("alice");
    // Known by now, and would be for seconds if nobody said anything.
    expect((await http.ask("GET", "/api/users", { token })).status).toBe(403);
    const { promise: revoked, resolve } = Promise.withResolvers<unknown>();
    http.events.subscribe(revokedTopic("alice"), resolve);
    await db.sql.unsafe(statement);
    await revoked;
    expect((await http.ask("GET", "/api/users", { token })).status).toBe(401);
  });

  test("also when it was said while the connection was lost", async () => {
    await start();
    await http.users.add("alice", "alice's own", "user");
    const token = await http.tokenOf("alice");
    expect((await http.ask("GET", "/api/users", { token })).status).toBe(403);
    const { promise: revoked, resolve } = Promise.withResolvers<unknown>();
    http.events.subscribe(revokedTopic("alice"), resolve);
    // In one transaction, so that the listener is gone before the change is announced.
    await db.sql.begin(async (tx) => {
      await tx`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()`;
      await tx`alter table users disable trigger users_changed`;
      await tx`update users set token_version = gen_random_uuid() where id = 'alice'`;
      await tx`alter table users enable trigger users_changed`;
    });
    await revoked;
    expect((await http.ask("GET", "/api/users", { token })).status).toBe(401);
  });
});

/**
 * S3: the status that each kind of caller gets at each route. A route that is not in this table fails the test: whoever
 * adds one says here who it is for.
 */
const WHO: Record<string, readonly number[]> = {
  //                               no token, expired, forged, a user's, an admin's, a deleted user's
  "POST /api/auth/login": [401, 401, 401, 401, 401, 401],
  "POST /api/users": [401, 401, 401, 401, 401, 401],
  "GET /api/users": [401, 401, 401, 403, 200, 401],
  "DELETE /api/users/:id": [401, 401, 401, 403, 404, 401],
  "PUT /api/users/:id/password": [401, 401, 401, 403, 404, 401],
  "GET /api/health": [200, 200, 200, 200, 200, 200],
  "GET /metrics": [401, 401, 401, 403, 200, 401],
  "GET /": [200, 200, 200, 200, 200, 200],
  "GET /openapi": [200, 200, 200, 200, 200, 200],
  "GET /openapi/json": [200, 200, 200, 200, 200, 200],
  "GET /openapi/start.js": [200, 200, 200, 200, 200, 200],
  "GET /openapi/swagger-ui.css": [200, 200, 200, 200, 200, 200],
  "GET /openapi/swagger-ui-bundle.js": [200, 200, 200, 200, 200, 200],
};

describe("S3 who gets in where", () => {
  /** One token of each kind, in the order of the table. */
  const callers = async (): Promise<(string | undefined)[]> => {
    await http.users.add("alice", "alice's own", "user");
    await http.users.add("gone", "gone's own", "user");
    const [alice, deleted] = [await http.tokenOf("alice"), await http.tokenOf("gone")];
    await http.users.remove("gone");
    const { version } = (await http.tokens.verify(alice))!;
    const sign = (secret: Uint8Array, loginTtlSecs: number) =>
      createTokens({ secret, loginTtlSecs }).signLogin({ userId: "alice", version });
    const expired = await sign(await loadJwtSecret(db.sql, section("auth")), -1);
    const forged = await sign(new Uint8Array(32), 60);
    return [undefined, expired, forged, alice, await http.tokenOf("admin"), deleted];
  };

  test("is as the table says", async () => {
    await start();
    const tokens = await callers();
    const body = { user_id: "someone", password: "long enough", invite_code: "a guess" };
    const seen: typeof WHO = {};
    for (const route of http.routes()) {
      const [method, pattern] = route.split(" ") as [string, string];
      const path = pattern.replace(":id", "someone");
      const statuses: number[] = [];
      for (const token of tokens) {
        const options = { token, body: /^P/.test(method) ? body : undefined, from: "elsewhere" } as const;
        statuses.push((await http.ask(method, path, options)).status);
      }
      seen[route] = statuses;
    }
    expect(seen).toEqual(WHO);
  });
});

test("S29 of many logins at once some are told to come back, and the health check answers meanwhile", async () => {
  await start();
  const logins = Array.from({ length: 40 }, () =>
    http.ask("POST", "/api/auth/login", credentials("admin", "adminpwd")),
  );
  expect((await http.ask("GET", "/api/health")).status).toBe(200);
  const answers = await Promise.all(logins);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  expect(answers.find(({ status }) => status === 429)?.headers.get("retry-after")).toBe("1");
});
