import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { revokedTopic } from "../../../src/http/user-directory.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { startUsersHttp } from "../../helpers/users-http.ts";

const main = join(import.meta.dir, "../../../src/main.ts");
const cwd = mkdtempSync(join(tmpdir(), "anicargo-user-"));
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.sql`truncate users`;
});
afterAll(async () => {
  await db.drop();
  rmSync(cwd, { recursive: true });
});

const env = () => ({ PATH: process.env.PATH, HOME: cwd, ANICARGO_DATABASE_URL: db.url });

/** `anicargo user …` in a process of its own, without a terminal. */
async function user(args: string[], stdin = "") {
  const child = Bun.spawn([process.execPath, main, "user", ...args], {
    cwd,
    env: env(),
    stdin: new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}
const add = (...args: string[]) => user(["add", ...args, "--password-stdin"], "a password\n");

describe("anicargo user", () => {
  test("adds, lists and removes users", async () => {
    expect(await add("bob", "--admin")).toEqual({ code: 0, out: "added bob (admin)\n", err: "" });
    expect(await add("alice")).toEqual({ code: 0, out: "added alice (user)\n", err: "" });
    expect((await user(["list"])).out).toMatch(/^alice\tuser\t\d{4}-\S+Z\nbob\tadmin\t\d{4}-\S+Z\n$/);
    expect(await user(["remove", "alice"])).toEqual({ code: 0, out: "removed alice\n", err: "" });
    expect((await user(["list"])).out).toStartWith("bob\tadmin\t");
  });

  test("speaks JSON, a document a line", async () => {
    const shown = { user_id: "alice", role: "user", created_at: expect.any(String) };
    expect(JSON.parse((await add("alice", "--json")).out)).toEqual(shown);
    const lines = (await user(["list", "--json"])).out.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([shown]);
    expect(JSON.parse((await user(["remove", "alice", "--json"])).out)).toEqual({ user_id: "alice", removed: true });
  });

  test("says in a line and an exit code what is wrong", async () => {
    await add("root", "--admin");
    const wrong = [
      [await add("root"), 73, "anicargo: the user name is taken\n"],
      [await add("a b"), 64, expect.stringContaining("user_id: expected 1 to 64 letters")],
      [
        await user(["add", "alice", "--password-stdin"], "short\n"),
        64,
        "anicargo: password: expected 6 to 1024 bytes\n",
      ],
      [await user(["add", "alice"]), 64, expect.stringContaining("--password-stdin")],
      [await user(["remove", "nobody"]), 66, "anicargo: there is no such user\n"],
      [await user(["passwd", "nobody", "--password-stdin"], "a password"), 66, "anicargo: there is no such user\n"],
      [await user(["remove", "root"]), 1, "anicargo: the last admin cannot be removed\n"],
    ] as const;
    for (const [ended, code, err] of wrong) expect(ended).toEqual({ code, out: "", err });
  }, 20_000);

  test("S24 passwd ends the logins at a running server at once", async () => {
    const http = await startUsersHttp(db);
    try {
      await http.users.add("alice", "alice's own", "user");
      const token = await http.tokenOf("alice");
      expect((await http.ask("GET", "/api/users", { token })).status).toBe(403);
      const { promise: revoked, resolve } = Promise.withResolvers<unknown>();
      http.events.subscribe(revokedTopic("alice"), resolve);
      const ended = await user(["passwd", "alice", "--password-stdin"], "another one\n");
      expect(ended).toEqual({ code: 0, out: "changed the password of alice\n", err: "" });
      await revoked;
      expect((await http.ask("GET", "/api/users", { token })).status).toBe(401);
      expect(await http.users.verify("alice", "another one")).not.toBeNull();
    } finally {
      await http.stop();
    }
  });
});

describe("at a terminal", () => {
  /** Types an answer whenever one is asked for. @returns the exit code and all that the terminal showed */
  async function type(...answers: string[]) {
    let shown = "";
    const decoder = new TextDecoder();
    const child = Bun.spawn([process.execPath, main, "user", "add", "alice"], {
      cwd,
      env: env(),
      terminal: {
        cols: 200,
        rows: 24,
        data(terminal, bytes) {
          shown += decoder.decode(bytes, { stream: true });
          if (/(Password|Once more): $/.test(shown)) terminal.write(answers.shift() ?? "");
        },
      },
    });
    return { code: await child.exited, shown };
  }

  test("the password is asked for twice and never shown", async () => {
    const { code, shown } = await type("my secret\r", "my secret\r");
    expect(code).toBe(0);
    expect(shown).toContain("added alice (user)");
    expect(shown).not.toContain("my secret");
  });

  test("two that differ are refused", async () => {
    const { code, shown } = await type("my secret\r", "my sekret\r");
    expect(code).toBe(64);
    expect(shown).toContain("the two passwords differ");
  });

  test("Ctrl-D gives none, Ctrl-C ends the program as a signal does", async () => {
    expect((await type("\u0004")).code).toBe(64);
    expect((await type("\u0003")).code).toBe(130);
  });
});
