/** `GET /openapi`: the reference page, which works with no internet, and the document it shows. */
import { toOpenAPISchema } from "@elysiajs/openapi/openapi";
import { type AnyElysia, Elysia } from "elysia";
import style from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { COERCED } from "./validation-message.ts";

/** The ways to identify, by the names that routes use in `detail.security`. */
const SCHEMES = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  token: {
    type: "apiKey",
    in: "query",
    name: "token",
    description: "For players and event streams, which send no headers",
  },
};
const METHODS = ["get", "post", "put", "patch", "delete"] as const;

interface Operation {
  parameters?: { schema: unknown }[];
  requestBody?: { content: Record<string, unknown> };
  responses?: Record<string, unknown>;
}

/**
 * The OpenAPI document of everything that `app` serves. A route is for logged-in callers unless its `detail.security` says
 * otherwise.
 */
export function openApiDocument(app: AnyElysia, version: string): Record<string, unknown> {
  const { paths, components } = toOpenAPISchema(withoutParsers(app), undefined, undefined, undefined, "3.1.2");
  for (const methods of Object.values(paths)) {
    for (const method of METHODS) {
      const operation = methods?.[method] as Operation | undefined;
      if (operation) tidy(operation);
    }
  }
  return {
    openapi: "3.1.2",
    info: {
      title: "Anicargo",
      version,
      description: "An anime library server. Log in with POST /api/auth/login and send the token as a Bearer token.",
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas: { ...components.schemas, Error: ERROR },
      securitySchemes: SCHEMES,
    },
  };
}

/** The generator believes that a body with a parser of its own can be anything; ours parses every body, as JSON. */
const withoutParsers = (app: AnyElysia): AnyElysia => {
  const routes = app.routes.map((route) => ({ ...route, hooks: { ...route.hooks, parse: undefined } }));
  return { getGlobalRoutes: () => routes } as unknown as AnyElysia;
};

const ERROR = {
  type: "object",
  required: ["error"],
  properties: { error: { type: "string" }, request_id: { type: "string", description: "From status 500 on" } },
};

/**
 * Numbers and truth values of a query come as text, and Elysia's schema says so: `anyOf` of a text in that format and the
 * value. Readers want the value.
 */
function withoutTexts(schema: unknown): unknown {
  const { anyOf, ...rest } = schema as { anyOf?: { type?: string; format?: string }[] };
  const values = anyOf?.filter(({ type, format }) => !(type === "string" && COERCED.has(format ?? "")));
  return anyOf && values?.length === 1 && anyOf.length === 2 ? { ...rest, ...values[0] } : schema;
}

/** Elysia would take forms as well; we do not. And whatever goes wrong is told in one shape. */
function tidy(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) parameter.schema = withoutTexts(parameter.schema);
  const content = operation.requestBody?.content;
  for (const type of Object.keys(content ?? {})) if (type !== "application/json") delete content?.[type];
  operation.responses = {
    ...(operation.responses ?? { 200: { description: "Done" } }),
    default: {
      description: "What went wrong, in a sentence",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
    },
  };
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Anicargo API</title>
<link rel="stylesheet" href="/openapi/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<script src="/openapi/swagger-ui-bundle.js"></script>
<script src="/openapi/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: "/openapi/json", dom_id: "#ui", deepLinking: true, persistAuthorization: false });\n`;

/** Swagger UI sets styles on elements and draws its icons from data URLs; scripts come from here and nowhere else. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** @param app the whole server, asked for its routes at the first request, when all are there */
export function openApiRoutes(app: () => AnyElysia, version: string) {
  let document: Record<string, unknown> | undefined;
  const hidden = { detail: { hide: true } } as const;
  const asset = (path: string, type: string) =>
    new Response(Bun.file(path), { headers: { "content-type": type, "cache-control": "public, max-age=86400" } });
  return new Elysia()
    .get(
      "/openapi",
      () =>
        new Response(PAGE, {
          headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY },
        }),
      hidden,
    )
    .get("/openapi/json", () => (document ??= openApiDocument(app(), version)), hidden)
    .get("/openapi/swagger-ui-bundle.js", () => asset(script, "text/javascript; charset=utf-8"), hidden)
    .get("/openapi/swagger-ui.css", () => asset(style, "text/css; charset=utf-8"), hidden)
    .get(
      "/openapi/start.js",
      () => new Response(START, { headers: { "content-type": "text/javascript; charset=utf-8" } }),
      hidden,
    );
}
