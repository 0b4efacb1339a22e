import { afterEach, describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { startHttp, type TestHttp } from "../../helpers/http.ts";

let http: TestHttp;
afterEach(() => http.stop());

describe("GET /metrics", () => {
  test("counts requests by route and not by path, in the format of Prometheus", async () => {
    http = await startHttp({
      routes: () => new Elysia().get("/thing/:id", () => "here"),
      jobCounts: async () => ({ queued: 3, done: 7 }),
    });
    for (const path of ["/thing/1", "/thing/2", "/nowhere", "/elsewhere"]) await http.fetch(path);
    await http.fetch("/thing/1", { method: "PROPFIND" });
    const response = await http.fetch("/metrics");
    expect(response.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
    const text = await response.text();
    expect(text).toContain('anicargo_http_requests_total{method="GET",route="/thing/:id",status="200"} 2\n');
    expect(text).toContain('anicargo_http_requests_total{method="GET",route="unmatched",status="404"} 2\n');
    expect(text).toContain('method="other"');
    expect(text).toContain('anicargo_http_request_duration_seconds_count{method="GET",route="/thing/:id"} 2\n');
    expect(text).toContain('anicargo_jobs{status="queued"} 3\n');
    expect(text).toContain('anicargo_info{version="1.2.3"} 1\n');
    expect(text).toMatch(/^anicargo_http_requests_in_flight 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
    expect(text).toMatch(/^anicargo_event_loop_lag_seconds \d/m);
  });

  test("is for this machine and for admins: whoever came through a proxy shows a token", async () => {
    http = await startHttp();
    const headers = { "x-forwarded-for": "192.0.2.1" };
    expect((await http.fetch("/metrics")).status).toBe(200);
    expect((await http.fetch("/metrics", { headers })).status).toBe(401);
    expect((await http.fetch("/metrics", { headers, as: "alice" })).status).toBe(403);
    expect((await http.fetch("/metrics", { headers, as: "root" })).status).toBe(200);
  });

  test("without the database it is 503, not half of it", async () => {
    const away = Object.assign(new Error("away"), { code: "CONNECTION_CLOSED" });
    http = await startHttp({ jobCounts: () => Promise.reject(away) });
    expect((await http.fetch("/metrics")).status).toBe(503);
  });
});
