import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { USERS_TOPIC } from "../../../src/http/user-directory.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { claimJob, completeJob, saveProgress } from "../../../src/jobs/queue.ts";
import { jobRoutes } from "../../../src/jobs/routes.ts";
import { type EventSourceClient, openEvents } from "../../helpers/event-source.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";
import { openWorkshop, testJob, type Workshop } from "../../helpers/jobs.ts";
import { until } from "../../helpers/until.ts";

let workshop: Workshop;
let http: TestHttp;
let clients: EventSourceClient[] = [];

beforeEach(async () => {
  workshop = await openWorkshop([testJob(async () => ({ result: null }))]);
  const { queue: jobs, events } = workshop;
  const shutdown = new AbortController();
  http = await startHttp({
    routes: (auth) => jobRoutes({ jobs, events, http: { auth: auth.guards }, signal: shutdown.signal }),
  });
  // The server's own hub carries what happens to users, the workshop's what happens to jobs: the program has one.
  http.events.subscribe("user:alice:revoked", () => events.publish("user:alice:revoked"));
  http.shutdown.signal.addEventListener("abort", () => shutdown.abort());
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await http.stop();
  await workshop.close();
});

const add = async (name = "a") => (await workshop.queue.enqueue("test-job", { name })).id;
const running = async (id: string) =>
  (await claimJob(workshop.sql, id, { worker: Bun.randomUUIDv7(), leaseSecs: 30, early: true }))!;
const done = { result: { files: 3 }, progress: undefined, commit: undefined };
const json = async (response: Response) => ({ status: response.status, body: (await response.json()) as never });

const NOT_IDS = ["x", "1", "01a20425-1881-71c2-a1d2", Bun.randomUUIDv7(), "%00", "..%2f..%2fetc", "x".repeat(3000)];

describe("GET /api/jobs", () => {
  test("lists jobs newest first, filtered and paged, for admins", async () => {
    const [first, second, third] = [await add("1"), await add("2"), await add("3")];
    await workshop.queue.cancel(second);
    const list = async (query: string) => {
      const { jobs } = (await (await http.fetch(`/api/jobs${query}`, { as: "root" })).json()) as { jobs: Job[] };
      return jobs.map(({ id }) => id);
    };
    expect(await list("")).toEqual([third, second, first]);
    expect(await list("?status=failed")).toEqual([second]);
    expect(await list("?status=queued&job_type=test-job&limit=1&offset=1")).toEqual([first]);
    expect(await list("?job_type=other")).toEqual([]);
  });

  test("refuses filters and pages that are none", async () => {
    for (const query of [
      "status=waiting",
      "limit=0",
      "limit=201",
      "limit=x",
      "limit=1.5",
      "offset=-1",
      "offset=3000000000",
    ]) {
      const response = await http.fetch(`/api/jobs?${query}`, { as: "root" });
      expect([query, response.status]).toEqual([query, 422]);
      expect(await response.json()).toEqual({ error: expect.stringContaining(query.split("=")[0]!) });
    }
  });

  test("is for admins", async () => {
    expect((await http.fetch("/api/jobs", { as: "alice" })).status).toBe(403);
    expect((await http.fetch("/api/jobs")).status).toBe(401);
  });
});

describe("GET /api/jobs/:id", () => {
  test("shows the job as it is, to every user", async () => {
    const id = await add();
    const claim = await running(id);
    await saveProgress(workshop.sql, claim, { done: 1, total: 3, note: "reading" });
    expect(await json(await http.fetch(`/api/jobs/${id}`, { as: "alice" }))).toEqual({
      status: 200,
      body: {
        job: {
          id,
          job_type: "test-job",
          status: "running",
          attempts: 1,
          max_attempts: 3,
          progress: { done: 1, total: 3, note: "reading" },
          result: null,
          last_error: null,
          created_at: expect.any(String),
          started_at: expect.any(String),
          finished_at: null,
        },
      } as never,
    });
    await completeJob(workshop.sql, claim, done);
    const { body } = await json(await http.fetch(`/api/jobs/${id}`, { as: "alice" }));
    expect(body).toMatchObject({ job: { status: "done", result: { files: 3 }, finished_at: expect.any(String) } });
  });

  test("knows no job by an id that is none", async () => {
    for (const id of NOT_IDS) {
      const { status, body } = await json(await http.fetch(`/api/jobs/${id}`, { as: "alice" }));
      expect([id.slice(0, 40), status]).toEqual([id.slice(0, 40), 404]);
      expect(body).toEqual({ error: "there is no job with this id" } as never);
    }
  });

  test("is for users", async () => {
    expect((await http.fetch(`/api/jobs/${await add()}`)).status).toBe(401);
    const token = await http.tokens.signLogin({ userId: "alice", version: "1" });
    expect((await http.fetch(`/api/jobs/${await add()}?token=${token}`)).status).toBe(401);
  });
});

describe("POST /api/jobs/:id/cancel", () => {
  const cancel = (id: string, as = "root") => http.fetch(`/api/jobs/${id}/cancel`, { method: "POST", as });

  test("cancels a waiting job and a running one, and says when it is too late", async () => {
    const waiting = await add("waiting");
    expect(await json(await cancel(waiting))).toEqual({ status: 202, body: { status: "cancelling" } as never });
    expect(await workshop.queue.get(waiting)).toMatchObject({ status: "failed", last_error: "cancelled" });
    expect(await json(await cancel(waiting))).toEqual({
      status: 409,
      body: { error: "the job has ended already" } as never,
    });
    const claim = await running(await add("running"));
    expect((await cancel(claim.id)).status).toBe(202);
    expect(await completeJob(workshop.sql, claim, done)).toBe("failed");
  });

  test("knows no job by an id that is none", async () => {
    for (const id of NOT_IDS) expect([id.slice(0, 40), (await cancel(id)).status]).toEqual([id.slice(0, 40), 404]);
  });

  test("is for admins", async () => {
    const id = await add();
    expect((await cancel(id, "alice")).status).toBe(403);
    expect((await cancel(id, "nobody")).status).toBe(401);
    expect((await workshop.queue.get(id))?.status).toBe("queued");
  });
});

describe("GET /api/jobs/:id/stream", () => {
  const follow = async (id: string, { as = "alice", ...init }: Parameters<TestHttp["fetch"]>[1] = {}) => {
    const client = await openEvents((signal) => http.fetch(`/api/jobs/${id}/stream`, { as, signal, ...init }));
    clients.push(client);
    return client;
  };

  test("sends the job at once and at every change, under its status, and ends after the last", async () => {
    const id = await add();
    const { events, ended, headers } = await follow(id);
    await until(() => events.length === 1);
    const claim = await running(id);
    await until(() => events.length === 2);
    await saveProgress(workshop.sql, claim, { done: 1 });
    await until(() => events.length === 3);
    await completeJob(workshop.sql, claim, done);
    await ended;
    expect(events.map(({ event }) => event)).toEqual(["queued", "running", "running", "done"]);
    expect(JSON.parse(events[2]!.data)).toMatchObject({ id, progress: { done: 1 } });
    expect(JSON.parse(events[3]!.data)).toEqual(await workshop.queue.get(id));
    expect(headers.get("content-type")).toStartWith("text/event-stream");
  });

  test("of a job that ended already sends it once and ends; Last-Event-ID is harmless", async () => {
    const id = await add();
    await workshop.queue.cancel(id);
    const { events, ended } = await follow(id, { headers: { "last-event-id": "42'; --" } });
    await ended;
    expect(events.map(({ event }) => event)).toEqual(["failed"]);
  });

  test("takes the token in the address, for clients that send no headers", async () => {
    const id = await add();
    await workshop.queue.cancel(id);
    const token = await http.tokens.signLogin({ userId: "alice", version: "1" });
    const client = await openEvents((signal) => fetch(`${http.url}/api/jobs/${id}/stream?token=${token}`, { signal }));
    await client.ended;
    expect(client.events).toHaveLength(1);
  });

  test("is for users, and knows no job by an id that is none", async () => {
    expect((await http.fetch(`/api/jobs/${await add()}/stream`)).status).toBe(401);
    expect((await http.fetch(`/api/jobs/${await add()}/stream?token=nonsense`)).status).toBe(401);
    for (const id of NOT_IDS) {
      const response = await http.fetch(`/api/jobs/${id}/stream`, { as: "alice" });
      expect([id.slice(0, 40), response.status]).toEqual([id.slice(0, 40), 404]);
    }
  });

  test("ends at once when the user's password changes or the user goes", async () => {
    for (const change of [{ role: "user" as const, tokenVersion: "2" }, undefined]) {
      http.people.set("alice", { role: "user", tokenVersion: "1" });
      http.events.publish(USERS_TOPIC, { userId: "alice", tokenVersion: "1" });
      const { events, ended } = await follow(await add(String(change)));
      await until(() => events.length === 1);
      if (change) http.people.set("alice", change);
      else http.people.delete("alice");
      http.events.publish(USERS_TOPIC, { userId: "alice", tokenVersion: change?.tokenVersion ?? null });
      await ended;
    }
  });

  test("ends at once on shutdown", async () => {
    const { events, ended } = await follow(await add());
    await until(() => events.length === 1);
    http.shutdown.abort();
    await ended;
  });

  test("lets go of everything when the client leaves", async () => {
    const id = await add();
    let listeners = 0;
    const { subscribe } = workshop.events;
    workshop.events.subscribe = (topic, listener) => {
      listeners += 1;
      const end = subscribe(topic, listener);
      return () => {
        listeners -= 1;
        end();
      };
    };
    const client = await follow(id);
    await until(() => client.events.length === 1);
    expect(listeners).toBeGreaterThan(0);
    client.close();
    await until(() => listeners === 0);
  });

  test("is bounded for each user", async () => {
    const id = await add();
    for (let i = 0; i < 50; i++) await follow(id);
    const refused = await http.fetch(`/api/jobs/${id}/stream`, { as: "alice" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect((await follow(id, { as: "root" })).status).toBe(200);
    clients[0]!.close();
    await until(async () => {
      const client = await follow(id);
      return client.status === 200;
    });
  });

  test("holds no slot of the requests in flight", async () => {
    const id = await add();
    for (let i = 0; i < 20; i++) await follow(id);
    const facts = await (await http.fetch("/metrics", { as: "root" })).text();
    expect(facts).toMatch(/in_flight\S* 1\b/);
  });
});

test("the document of the API describes the routes and their shapes", async () => {
  const { paths } = (await (await http.fetch("/openapi/json")).json()) as { paths: Record<string, never> };
  const operations = ["/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/cancel", "/api/jobs/{id}/stream"];
  for (const path of operations) expect(JSON.stringify(paths[path])).toContain('"tags":["jobs"]');
  expect(JSON.stringify(paths["/api/jobs/{id}"])).toContain("max_attempts");
});
