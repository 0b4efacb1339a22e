import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";
import { Type } from "typebox";
import { type AnyPlugin, definePlugin } from "../../src/plugin.ts";
import { type TestApp, testApp } from "../helpers/app.ts";

describe("the app", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.remove());

  test("is healthy", async () => {
    const answer = await app.request("/api/health");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: "ok", checks: { database: { ok: true } } });
  });

  test("indexes what lies in the media folder, through its own queue", async () => {
    writeFileSync(join(app.mediaDir, "[Group] Show - 03 [720p].mkv"), "not a video");
    const asked = await app.request("/api/jobs/index", { method: "POST" });
    expect(asked.status).toBe(202);
    const { job_id } = (await asked.json()) as { job_id: string };
    const job = await app.finish(job_id);
    expect(job).toMatchObject({ status: "done", result: { scanned: 1, upserted: 1, parsed: 1 } });
    expect(await (await app.request("/api/library")).json()).toMatchObject([
      { title: "Show", episode: 3, release_group: "Group", resolution: "720p" },
    ]);
  });

  test("answers what it does not know with 404 in JSON, and says which request it was", async () => {
    const answer = await app.request("/api/nothing-here");
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ error: "not found" });
    expect(answer.headers.get("x-request-id")).toBeTruthy();
  });

  test("describes every route of every feature in its OpenAPI document", async () => {
    const { paths } = (await (await app.request("/openapi/json")).json()) as { paths: Record<string, object> };
    const documented = new Set(Object.keys(paths).map((path) => path.replace(/\{[^}]+\}/g, ":")));
    const served = app.http.routes
      .map(({ path }) => path.replace(/:[^/]+/g, ":").replace(/(?<=.)\/$/, ""))
      .filter((path) => path.startsWith("/api/"));
    expect(served.length).toBeGreaterThan(10);
    expect([...new Set(served)].filter((path) => !documented.has(path))).toEqual([]);
  });
});

describe("a plugin", () => {
  const Nothing = Type.Object({});
  const plugin = (over: Partial<AnyPlugin>): AnyPlugin =>
    definePlugin({ name: "extra", config: Nothing, setup: () => ({}), ...over });
  const boot = async (...plugins: AnyPlugin[]): Promise<void> => (await testApp({ plugins })).remove();

  test("brings tables, routes and health, and is started and stopped", async () => {
    const seen: string[] = [];
    const app = await testApp({
      plugins: [
        plugin({
          migrations: [{ name: "0001-extra", sql: "create table extra_things (name text)" }],
          setup: () => ({
            routes: new Elysia().get("/api/extra", () => ({ extra: true })),
            health: async () => ({ ok: false, detail: "the thing is broken" }),
            start: async () => void seen.push("start"),
            stop: async () => void seen.push("stop"),
          }),
        }),
      ],
    });
    expect(await (await app.request("/api/extra")).json()).toEqual({ extra: true });
    expect(await (await app.request("/api/health")).json()).toEqual({
      status: "degraded",
      checks: { database: { ok: true }, extra: { ok: false, detail: "the thing is broken" } },
    });
    expect(await app.core.sql`select * from extra_things`).toHaveLength(0);
    await app.remove();
    expect(seen).toEqual(["start", "stop"]);
  });

  test("that serves a route of the core does not boot", async () => {
    const routes = new Elysia().get("/api/library/:any", () => "mine");
    await expect(boot(plugin({ setup: () => ({ routes }) }))).rejects.toThrow(
      "GET /api/library/:any is served twice: by library and by extra",
    );
  });

  test("that handles a job kind of the core does not boot", async () => {
    const job = { kind: "index", payload: Nothing, concurrency: 1, run: async () => ({ result: null }) };
    await expect(boot(plugin({ setup: () => ({ jobs: [job] }) }))).rejects.toThrow(
      'the job kind "index" has two handlers: in library and in extra',
    );
  });

  test("that requires what is not there does not boot", async () => {
    await expect(boot(plugin({ requires: ["absent"] }))).rejects.toThrow(
      'requires "absent", which is not in the binary',
    );
  });
});
