import { afterAll, afterEach, describe, expect, test } from "bun:test";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carried } from "../../../src/db/carried.ts";
import { joinEmbedded } from "../../../src/db/embedded.ts";
import { layoutOf } from "../../../src/db/layout.ts";
import { createPool } from "../../../src/db/pool.ts";
import { stopServer } from "../../../src/db/postmaster.ts";
import { ConfigError, PermissionDenied, Unavailable } from "../../../src/errors.ts";
import { type EmbeddedUser, startUser } from "../../helpers/embedded-user.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

const TIMEOUT = 120_000;
const isRoot = process.getuid!() === 0;

// `mkdtemp` makes folders that only we may enter: as root, that is the hard case for the server's own user.
const parent = mkdtempSync(join(tmpdir(), "anicargo-embedded-"));
let users: EmbeddedUser[] = [];
const start = (...args: Parameters<typeof startUser>) => {
  const user = startUser(...args);
  users.push(user);
  return user;
};
/** The server's process; undefined when it is stopped in good order. */
const postmaster = (dataDir: string) => {
  const file = join(layoutOf(dataDir).pgdata, "postmaster.pid");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined;
};

afterEach(async () => {
  await Promise.all(users.map((user) => user.kill()));
  users = [];
});

afterAll(async () => {
  // Tests kill their processes: whatever server is left is joined and, by leaving it, stopped.
  for (const name of readdirSync(parent)) {
    const dataDir = join(parent, name);
    if (postmaster(dataDir) !== undefined) await (await joinEmbedded(dataDir, silentLogger)).close();
  }
  rmSync(parent, { recursive: true });
}, TIMEOUT);

describe("many processes and one server", () => {
  const dataDir = join(parent, "shared");
  const layout = layoutOf(dataDir);

  test(
    "eight that start at once unpack one server, make one cluster and share it; the last one out stops it",
    async () => {
      mkdirSync(layout.servers, { recursive: true });
      // Left by makers that were killed; no process has this number.
      const leftOvers = [
        `${layout.pgdata}.tmp-4194305-0123abcd`,
        `${layout.servers}/${carried!.id}.tmp-4194305-0123abcd`,
      ];
      for (const leftOver of leftOvers) mkdirSync(join(leftOver, "bin"), { recursive: true });

      const eight = Array.from({ length: 8 }, () => start(dataDir));
      await Promise.all(eight.map((user) => user.next("ready")));
      expect(readdirSync(layout.servers)).toEqual([carried!.id]);
      expect(readdirSync(layout.root).sort()).toEqual(["pgdata", "run", "server", "server.log"]);
      const pid = postmaster(dataDir)!;

      const [last, ...others] = eight;
      expect(await Promise.all(others.map((user) => user.close()))).toEqual(others.map(() => 0));
      expect(postmaster(dataDir)).toBe(pid);
      last!.tell("query");
      expect(await last!.next("answer")).toMatchObject({ value: 42 });
      expect(await last!.close()).toBe(0);
      expect(postmaster(dataDir)).toBeUndefined();
    },
    TIMEOUT,
  );

  test("two that leave together stop it too", async () => {
    const two = [start(dataDir), start(dataDir)];
    await Promise.all(two.map((user) => user.next("ready")));
    await Promise.all(two.map((user) => user.close()));
    expect(postmaster(dataDir)).toBeUndefined();
  });

  test("one that comes while the last one leaves gets a server all the same", async () => {
    const leaving = start(dataDir);
    await leaving.next("ready");
    const coming = start(dataDir);
    await leaving.close();
    await coming.next("ready");
    coming.tell("query");
    await coming.next("answer");
    expect(await coming.close()).toBe(0);
  });

  test("a killed process leaves the server up, and the next one adopts it", async () => {
    const first = start(dataDir);
    await first.next("ready");
    const pid = postmaster(dataDir);
    await first.kill();
    const next = start(dataDir);
    await next.next("ready");
    expect(postmaster(dataDir)).toBe(pid!);
    await next.close();
    expect(postmaster(dataDir)).toBeUndefined();
  });

  test("the server is in a session of its own, out of reach of a terminal's Ctrl-C", async () => {
    const user = start(dataDir);
    await user.next("ready");
    const pid = postmaster(dataDir)!;
    const session = Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[3]);
    expect(session).toBe(pid);
    await user.close();
  });

  test("its folder, socket and log are for its own user only", async () => {
    const user = start(dataDir);
    await user.next("ready");
    const modes = [layout.pgdata, layout.socketFolder, join(layout.socketFolder, ".s.PGSQL.5432"), layout.log];
    expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(["700", "700", "700", "600"]);
    await user.close();
  });

  test("killed with everything, it comes back with what was committed", async () => {
    const user = start(dataDir);
    await user.next("ready");
    process.kill(postmaster(dataDir)!, "SIGKILL");
    await user.kill();
    // The process file is still there, and so may be the killed server's sessions.
    expect(postmaster(dataDir)).toBeDefined();
    const next = start(dataDir);
    await next.next("ready");
    expect(await next.close()).toBe(0);
  });

  test("a number in the process file that another program has by now does not keep it from starting", async () => {
    const stranger = Bun.spawn(["sleep", "600"]);
    try {
      writeFileSync(join(layout.pgdata, "postmaster.pid"), `${stranger.pid}\n${layout.pgdata}\n1\n5432\n\n\n  1 1\n`);
      const user = start(dataDir);
      await user.next("ready");
      expect(await user.close()).toBe(0);
    } finally {
      stranger.kill();
      await stranger.exited;
    }
  });

  test(
    "a process that stays starts it again when it dies, and its queries work again",
    async () => {
      const server = start(dataDir, { keepAlive: true });
      await server.next("ready");
      process.kill(postmaster(dataDir)!, "SIGKILL");
      await server.logged("is back");
      server.tell("query");
      expect(await server.next("answer")).toMatchObject({ value: 42 });
      expect(await server.close()).toBe(0);
      expect(postmaster(dataDir)).toBeUndefined();
    },
    TIMEOUT,
  );

  test(
    "a session that hangs does not keep the server from stopping, and nothing committed is lost",
    async () => {
      const server = await joinEmbedded(dataDir, silentLogger);
      const sql = createPool(server, 1, silentLogger);
      await sql`create table kept as select 1 as id`;
      const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
      process.kill(pid, "SIGSTOP");
      const before = postmaster(dataDir);
      await stopServer(layout, 50);
      expect(postmaster(dataDir)).not.toBe(before!);
      await sql.end({ timeout: 0 });
      await server.close();

      const again = await joinEmbedded(dataDir, silentLogger);
      const next = createPool(again, 1, silentLogger);
      expect(await next`select id from kept`).toMatchObject([{ id: 1 }]);
      await next.end();
      await again.close();
    },
    TIMEOUT,
  );

  test("a log that has grown is set aside at the next start", async () => {
    writeFileSync(layout.log, "x".repeat(2 ** 20 + 1));
    const user = start(dataDir);
    await user.next("ready");
    expect(statSync(layout.log).size).toBeLessThan(10_000);
    // The server that ran before may say its last line after its process file is gone.
    expect(statSync(`${layout.log}.1`).size).toBeGreaterThan(2 ** 20);
    await user.close();
  });

  test("the server of an older binary is removed once the new one runs", async () => {
    const older = join(layout.servers, "18.0.0-older");
    mkdirSync(older);
    const user = start(dataDir);
    await user.next("ready");
    expect(existsSync(older)).toBe(false);
    await user.close();
  });

  test("a cluster that cannot be started is refused with the server's reason", async () => {
    const file = join(layout.pgdata, "postgresql.conf");
    const before = readFileSync(file);
    writeFileSync(file, "no_such_setting = 1\n");
    const failure = joinEmbedded(dataDir, silentLogger);
    await expect(failure).rejects.toThrow(Unavailable);
    await expect(failure).rejects.toThrow(/cannot be started: .*configuration file.*see .*server\.log/);
    writeFileSync(file, before);
  });

  test("a cluster of another major version is refused, and nothing is changed", async () => {
    const version = join(layout.pgdata, "PG_VERSION");
    const before = readFileSync(version);
    const older = join(layout.servers, "17.0.0-older");
    mkdirSync(older);
    writeFileSync(version, "17\n");
    const files = readdirSync(layout.root, { recursive: true });
    const failure = joinEmbedded(dataDir, silentLogger);
    await expect(failure).rejects.toThrow(ConfigError);
    await expect(failure).rejects.toThrow(/made by PostgreSQL 17 and this anicargo runs 18; nothing was changed/);
    expect(readdirSync(layout.root, { recursive: true })).toEqual(files);
    writeFileSync(version, before);
  });
});

test(
  "a data folder whose path is too long for a socket gets its socket under /tmp",
  async () => {
    const dataDir = join(parent, "long".repeat(30));
    const { socketFolder } = layoutOf(dataDir);
    const server = await joinEmbedded(dataDir, silentLogger);
    expect(server.host).toBe(socketFolder);
    expect(socketFolder).toStartWith("/tmp/anicargo-");
    expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
    await server.close();
    rmSync(socketFolder, { recursive: true });
  },
  TIMEOUT,
);

test("a link in the place of the socket's folder is not followed", async () => {
  const dataDir = join(parent, "trap".repeat(30));
  const { socketFolder } = layoutOf(dataDir);
  symlinkSync(parent, socketFolder);
  try {
    await expect(joinEmbedded(dataDir, silentLogger)).rejects.toThrow(/belongs to somebody else: remove it, or set/);
  } finally {
    rmSync(socketFolder);
  }
});

test.if(isRoot)(
  "what root makes in a folder of somebody else's belongs to them",
  async () => {
    const dataDir = join(parent, "theirs");
    mkdirSync(dataDir);
    // A number without a name, which initdb would refuse: the server runs as another user, the rest is theirs.
    chownSync(dataDir, 54_321, 54_321);
    const server = await joinEmbedded(dataDir, silentLogger);
    const { root, servers, log, pgdata } = layoutOf(dataDir);
    const owners = [root, servers, join(servers, carried!.id, "bin", "postgres"), log].map(
      (path) => statSync(path).uid,
    );
    expect(owners).toEqual([54_321, 54_321, 54_321, 54_321]);
    expect(statSync(pgdata).uid).not.toBe(54_321);
    await server.close();
  },
  TIMEOUT,
);

test.if(isRoot)("without setpriv, a folder that the server's user may not enter is named with what to do", async () => {
  const user = start(join(parent, "closed"), { path: "/nonexistent" });
  const { name, message } = await user.next("failed");
  expect(name).toBe("PermissionDenied");
  expect(message).toContain(`chmod o+x ${parent}`);
});

test("a folder that is a file is refused in one line", async () => {
  const file = join(parent, "file");
  writeFileSync(file, "");
  await expect(joinEmbedded(join(file, "data"), silentLogger)).rejects.toThrow(/is not a folder: set db.data_dir/);
  rmSync(file);
});

// Root may write anywhere but in there.
test.skipIf(isRoot && !existsSync("/sys/kernel"))(
  "a folder in which we may not write is refused in one line",
  async () => {
    const shut = join(parent, "shut");
    mkdirSync(shut, { mode: 0o555 });
    const folder = isRoot ? "/sys/anicargo" : join(shut, "data");
    await expect(joinEmbedded(folder, silentLogger)).rejects.toThrow(PermissionDenied);
    rmSync(shut, { recursive: true });
  },
);
