/** `GET /`: what somebody sees who typed the address into a browser. */
import { Elysia } from "elysia";

const page = (version: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Anicargo</title>
</head>
<body>
<h1>Anicargo ${version}</h1>
<p>An anime library server. It is running.</p>
<ul>
<li><a href="/openapi">The API, with a form for every request</a></li>
<li><a href="/api/health">Health</a></li>
</ul>
</body>
</html>
`;

export const welcomeRoutes = (version: string) =>
  new Elysia().get(
    "/",
    () =>
      new Response(page(version), {
        headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'" },
      }),
    { detail: { hide: true } },
  );
