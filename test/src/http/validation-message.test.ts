import { describe, expect, test } from "bun:test";
import { Elysia, t } from "elysia";
import { answerFor } from "../../../src/http/errors.ts";
import { expected } from "../../../src/http/validation-message.ts";

const app = new Elysia()
  .onError(({ error, query, params }) => answerFor(error, { query, params }).message)
  .post("/body", () => "fine", {
    body: t.Object({
      password: t.String({ minLength: 3, maxLength: 5 }),
      count: t.Optional(t.Integer({ minimum: 3 })),
      kind: t.Optional(t.Union([t.Literal("p"), t.Literal("q")])),
      deep: t.Optional(t.Object({ list: t.Array(t.Boolean()) })),
      own: t.Optional(t.String({ maxLength: 1, error: "one letter, please" })),
    }),
  })
  .get("/query", () => "fine", {
    query: t.Object({
      limit: t.Optional(t.Integer({ minimum: 1, maximum: 9 })),
      offset: t.Optional(t.Integer({ minimum: 0 })),
      on: t.Optional(t.Boolean()),
    }),
  })
  .get("/item/:id", () => "fine", { params: t.Object({ id: t.String({ pattern: "^[0-9a-f]{16}$" }) }) });

const post = async (body: unknown) =>
  (
    await app.handle(
      new Request("http://localhost/body", {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    )
  ).text();
const get = async (path: string) => (await app.handle(new Request(`http://localhost${path}`))).text();

describe("S28 what is wrong is named, what was sent is not repeated", () => {
  test.each([
    [{ password: 12345678 }, "body.password: expected string of 3 to 5 characters"],
    [{ password: "SuperSecret!" }, "body.password: expected string of 3 to 5 characters"],
    [{}, "body.password: expected string of 3 to 5 characters"],
    [{ password: "1234", count: "many" }, "body.count: expected integer at least 3"],
    [{ password: "1234", count: 1.5 }, "body.count: expected integer at least 3"],
    [{ password: "1234", kind: "z" }, "body.kind: expected one of: p, q"],
    [{ password: "1234", deep: { list: [true, "no"] } }, "body.deep.list.1: expected boolean"],
    [{ password: "1234", own: "SuperSecret!" }, "body.own: one letter, please"],
  ])("%p", async (body, message) => {
    expect(await post(body)).toBe(message);
  });

  test.each([
    ["/query?limit=x", "query.limit: expected integer 1 to 9"],
    ["/query?limit=10", "query.limit: expected integer 1 to 9"],
    ["/query?limit=3&offset=-1", "query.offset: expected integer at least 0"],
    ["/query?on=perhaps", "query.on: expected boolean"],
    ["/item/..%2fx", "params.id: expected string of the form ^[0-9a-f]{16}$"],
  ])("%s", async (path, message) => {
    expect(await get(path)).toBe(message);
  });
});

test.each([
  [{ type: "array", minItems: 1, maxItems: 3 }, "array of 1 to 3 items"],
  [{ enum: ["a", "b"] }, "one of: a, b"],
  [{ anyOf: [{ type: "string" }, { type: "null" }] }, "string or null"],
  [{ type: "string", format: "uuid" }, "string in the format uuid"],
  [{ type: "integer", maximum: 4 }, "integer at most 4"],
  [{ const: 7 }, "one of: 7"],
  [{}, "another value"],
])("%p reads %s", (schema, words) => {
  expect(expected(schema)).toBe(words);
});
