/** `/watch/TOKEN/ID`: a page that plays an item in a browser, with nothing from anywhere else. */
import { type AnyElysia, Elysia } from "elysia";
import hlsJs from "hls.js/dist/hls.min.js" with { type: "file" };
import liberationSans from "jassub/dist/default.woff2" with { type: "file" };
import jassubWasm from "jassub/dist/wasm/jassub-worker.wasm" with { type: "file" };
import jassubModernWasm from "jassub/dist/wasm/jassub-worker-modern.wasm" with { type: "file" };
import jassubScript from "../../build/jassub.js" with { type: "file" };
import pageScript from "../../build/watch.js" with { type: "file" };
import type { Guards } from "../../src/plugin.ts";
import icon from "./page/icon.svg" with { type: "text" };
import pageStyle from "./page/player.css" with { type: "text" };
import page from "./page/player.html" with { type: "text" };
import type { Hls } from "./service.ts";

/** WebAssembly needs a word of its own (CSP 3): libass draws styled subtitles. */
const SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'";
/** hls.js feeds the video from `blob:` addresses and works in a worker of one. */
const POLICY = [
  "default-src 'none'",
  SCRIPTS,
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");
/** A worker that comes from an address does not inherit the page's. */
const WORKER_POLICY = ["default-src 'none'", SCRIPTS, "connect-src 'self'"].join("; ");

const SCRIPT = "text/javascript; charset=utf-8";
/** What the page is made of: `/watch/NAME`. */
const PARTS: Record<string, { body: string | Blob; type: string }> = {
  "hls.js": { body: Bun.file(hlsJs), type: SCRIPT },
  "player.js": { body: Bun.file(pageScript), type: SCRIPT },
  "player.css": { body: pageStyle, type: "text/css; charset=utf-8" },
  "icon.svg": { body: icon, type: "image/svg+xml" },
  "jassub.js": { body: Bun.file(jassubScript), type: SCRIPT },
  "jassub.wasm": { body: Bun.file(jassubWasm), type: "application/wasm" },
  "jassub-modern.wasm": { body: Bun.file(jassubModernWasm), type: "application/wasm" },
  "liberation-sans.woff2": { body: Bun.file(liberationSans), type: "font/woff2" },
};

export function watchRoutes(hls: Pick<Hls, "find">, auth: Pick<Guards, "checkFileToken">): AnyElysia {
  const watch = new Elysia({ name: "watch" });
  for (const [name, { body, type }] of Object.entries(PARTS)) {
    watch.get(
      `/watch/${name}`,
      () =>
        new Response(body, {
          headers: {
            "Content-Type": type,
            "Cache-Control": "public, max-age=3600",
            "Content-Security-Policy": WORKER_POLICY,
          },
        }),
      { detail: { hide: true } },
    );
  }
  return watch.get(
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

const titled = (html: string, name: string): string => html.replaceAll(">Anicargo<", () => `>${Bun.escapeHTML(name)}<`);
