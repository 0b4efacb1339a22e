/** `/watch/TOKEN/ID`: a page that plays an item in a browser, with nothing from anywhere else. */
import { type AnyElysia, Elysia } from "elysia";
import hlsJs from "hls.js/dist/hls.min.js" with { type: "file" };
import type { Guards } from "../../src/plugin.ts";
import pageStyle from "./page/player.css" with { type: "text" };
import page from "./page/player.html" with { type: "text" };
import pageScript from "./page/player.js" with { type: "text" };
import type { Hls } from "./service.ts";

/** hls.js feeds the video from `blob:` addresses and works in a worker of one. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

const PUBLIC = { "Cache-Control": "public, max-age=3600" };

export function watchRoutes(hls: Hls, auth: Guards): AnyElysia {
  const detail = { hide: true };
  const file = (body: string | Blob, type: string) => () =>
    new Response(body, { headers: { ...PUBLIC, "Content-Type": type } });
  return new Elysia({ name: "watch" })
    .get("/watch/hls.js", file(Bun.file(hlsJs), "text/javascript"), { detail })
    .get("/watch/player.js", file(pageScript, "text/javascript; charset=utf-8"), { detail })
    .get("/watch/player.css", file(pageStyle, "text/css; charset=utf-8"), { detail })
    .get(
      "/watch/:token/:id",
      async ({ params: { token, id } }) => {
        await auth.checkFileToken(token, id);
        const { path } = await hls.find(id);
        return new Response(titled(page as unknown as string, path.slice(path.lastIndexOf("/") + 1)), {
          headers: {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": POLICY,
          },
        });
      },
      { detail: { tags: ["hls"], summary: "A page that plays an item in a browser" } },
    );
}

const titled = (html: string, name: string): string =>
  html.replace("<title>Anicargo<", () => `<title>${Bun.escapeHTML(name)}<`);
