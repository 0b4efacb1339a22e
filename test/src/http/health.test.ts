import { afterEach, describe, expect, test } from "bun:test";
import { startHttp, type TestHttp, type TestHttpOptions } from "../../helpers/http.ts";

let http: TestHttp | undefined;
afterEach(() => http?.stop());

async function health(options: TestHttpOptions = {}, as?: string) {
  http = await startHttp(options);
  const response = await http.fetch("/api/health", { as });
  return { code: response.status, ...((await response.json()) as { status: string; checks: object }) };
}

const well = async () => ({ ok: true, detail: "version 18" });

describe("GET /api/health", () => {
  test("is 200 when everything works", async () => {
    expect(await health({ database: well, checks: { player: well } })).toEqual({
      code: 200,
      status: "ok",
      checks: { database: { ok: true }, player: { ok: true } },
    });
  });

  test("tells details to admins only", async () => {
    const options = { database: well };
    expect((await health(options, "alice")).checks).toEqual({ database: { ok: true } });
    await http?.stop();
    expect((await health(options, "root")).checks).toEqual({ database: { ok: true, detail: "version 18" } });
  });

  test("is 503 without the database, also for an admin who cannot be known then", async () => {
    const away = () => Promise.reject(new Error("away"));
    expect(await health({ database: away, find: away }, "root")).toMatchObject({
      code: 503,
      status: "unavailable",
      checks: { database: { ok: false } },
    });
  });

  test("is 200 while only a feature fails: a restart would not mend it", async () => {
    const checks = { player: async () => ({ ok: false, detail: "not installed" }) };
    expect(await health({ checks }, "root")).toMatchObject({
      code: 200,
      status: "degraded",
      checks: { player: { ok: false, detail: "not installed" } },
    });
  });

  test("is 503 while the server stops", async () => {
    http = await startHttp();
    http.shutdown.abort();
    const response = await http.fetch("/api/health");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: "stopping" });
  });

  test("R13 a check that hangs has failed", async () => {
    expect(await health({ database: () => new Promise(() => {}) })).toMatchObject({ code: 503, status: "unavailable" });
  });

  test("however many ask, the checks run once at a time", async () => {
    let running = 0;
    let most = 0;
    const { promise: open, resolve } = Promise.withResolvers<void>();
    const database = async () => {
      most = Math.max(most, ++running);
      await open;
      running--;
      return { ok: true };
    };
    http = await startHttp({ database });
    const answers = Array.from({ length: 20 }, () => http!.fetch("/api/health"));
    resolve();
    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(1);
  });
});
