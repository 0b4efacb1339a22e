import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anicargo-command-"));
  const source = (path: string) => JSON.stringify(join(import.meta.dir, "../../../src", path));
  await writeFile(
    join(folder, "run.ts"),
    `import { configCommand } from ${source("config/command.ts")};
     import { loadConfig } from ${source("config/load.ts")};
     const load = () => loadConfig({ sections: [], flags: {}, env: process.env, cwd: process.cwd(), home: process.cwd() });
     const command = configCommand(load);
     await command.run({ args: { _: [], json: process.argv[2] === "--json" }, rawArgs: [], cmd: command });`,
  );
  await writeFile(join(folder, "config.toml"), '[auth]\njwt_secret = "hunter2"\n', { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const env = { PATH: process.env.PATH, ANICARGO_BIND: "127.0.0.1:4000", ANICARGO_BNID: "x" };
  const child = Bun.spawn([process.execPath, "run.ts", ...args], { cwd: folder, env, stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect(await child.exited).toBe(0);
  expect(out + err).not.toContain("hunter2");
  return { out, err };
}

test("prints each setting with its source on standard output; file and warnings go to standard error", async () => {
  const { out, err } = await run();
  expect(out).toMatch(/^server\.bind +127\.0\.0\.1:4000 +environment$/m);
  expect(out).toMatch(/^auth\.jwt_secret +\*{8} +file$/m);
  expect(out).toMatch(/^db\.max_connections +5 +default$/m);
  expect(err).toBe(
    [
      `configuration file: ${join(folder, "config.toml")}`,
      "warning: ANICARGO_BNID is not a known variable and does nothing, did you mean ANICARGO_BIND?",
      "",
    ].join("\n"),
  );
});

test("--json prints one document", async () => {
  const { out } = await run("--json");
  const settings = JSON.parse(out) as { key: string }[];
  expect(settings.find(({ key }) => key === "server.bind")).toMatchObject({
    env: "ANICARGO_BIND",
    value: "127.0.0.1:4000",
    source: "environment",
    secret: false,
  });
  expect(out.trimEnd()).not.toContain("\n");
});
