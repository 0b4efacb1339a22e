import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Elysia, t } from "elysia";
import { startHttp, type TestHttp } from "../../helpers/http.ts";

let http: TestHttp;
beforeAll(async () => {
  const routes = () =>
    new Elysia().post("/api/things/:id", ({ body }) => body, {
      body: t.Object({ name: t.String() }),
      response: { 200: t.Object({ name: t.String() }) },
      query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1 })) }),
      detail: { summary: "Names a thing", tags: ["things"] },
    });
  http = await startHttp({ routes });
});
afterAll(() => http.stop());

interface Document {
  openapi: string;
  info: { title: string; version: string };
  security: unknown;
  paths: Record<
    string,
    Record<
      string,
      {
        security?: unknown;
        responses: Record<string, unknown>;
        parameters: { name: string; schema: object }[];
        requestBody?: { content: object };
      }
    >
  >;
  components: { securitySchemes: object; schemas: object };
}
const document = async () => (await (await http.fetch("/openapi/json")).json()) as Document;

describe("the OpenAPI document", () => {
  test("says what this is and how to identify", async () => {
    const { openapi, info, security, components } = await document();
    expect(openapi).toStartWith("3.1");
    expect(info).toMatchObject({ title: "Anicargo", version: "1.2.3" });
    expect(security).toEqual([{ bearer: [] }]);
    expect(components.securitySchemes).toHaveProperty("bearer");
  });

  test("holds the features' routes: JSON alone, and one shape for errors", async () => {
    const { paths } = await document();
    const operation = paths["/api/things/{id}"]?.post;
    expect(Object.keys(operation?.requestBody?.content ?? {})).toEqual(["application/json"]);
    expect(Object.keys(operation?.responses ?? {})).toEqual(["200", "default"]);
    expect(operation?.security).toBeUndefined();
    expect(paths["/api/health"]?.get?.security).toEqual([]);
  });

  test("shows numbers of the query as numbers", async () => {
    const { parameters } = (await document()).paths["/api/things/{id}"]!.post!;
    const schemas = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
    expect(schemas.limit).toEqual({ type: "integer", minimum: 1 });
  });

  test("does not list itself", async () => {
    const { paths } = await document();
    expect(Object.keys(paths).sort()).toEqual(["/api/health", "/api/things/{id}", "/metrics"]);
  });
});

describe("the reference page", () => {
  test("loads everything from here, so that it works with no internet", async () => {
    const page = await http.fetch("/openapi");
    expect(page.headers.get("content-type")).toStartWith("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links).toHaveLength(3);
    for (const link of links) {
      expect(link).toStartWith("/openapi/");
      const asset = await http.fetch(link);
      expect(asset.status).toBe(200);
      expect(asset.headers.get("content-type")).toMatch(/^text\/(css|javascript)/);
      expect((await asset.text()).length).toBeGreaterThan(50);
    }
  });

  test("its scripts are Swagger UI and the line that starts it", async () => {
    expect(await (await http.fetch("/openapi/swagger-ui-bundle.js")).text()).toContain("SwaggerUIBundle");
    expect(await (await http.fetch("/openapi/start.js")).text()).toContain('url: "/openapi/json"');
  });
});

test("GET / says what this is and where to click", async () => {
  const page = await http.fetch("/");
  const text = await page.text();
  expect(page.headers.get("content-type")).toStartWith("text/html");
  expect(text).toContain("Anicargo 1.2.3");
  expect(text).toContain('href="/openapi"');
});
