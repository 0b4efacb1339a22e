/** A viewer: hls.js in a Chromium without a window, on a page of its own. */
import { openBrowser } from "../../../test/helpers/browser.ts";

export interface Visit {
  /** @returns milliseconds until the first picture; null when none comes */
  begin(url: string, position?: number): Promise<number | null>;
  /** @returns milliseconds until a picture of that time; null when none comes */
  seek(secs: number): Promise<number | null>;
  otherSound(): Promise<{ ms: number | null; waits: number }>;
  /** What hls.js complained of since the last call. */
  troubles(): Promise<string[]>;
}

export interface Viewer {
  /** Each visit has a browser of its own, so that nothing is warm. */
  visit<T>(use: (visit: Visit) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

const PAGE = `<!doctype html><video muted playsinline width="960"></video><script src="/hls.js"></script><script src="/in-page.js"></script>`;

export function openViewer(): Viewer {
  const script = (path: string) =>
    new Response(Bun.file(path), { headers: { "content-type": "text/javascript; charset=utf-8" } });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    routes: {
      "/": new Response(PAGE, { headers: { "content-type": "text/html" } }),
      "/hls.js": () => script(Bun.resolveSync("hls.js/dist/hls.min.js", import.meta.dir)),
      "/in-page.js": () => script(`${import.meta.dir}/in-page.js`),
    },
  });
  return {
    async visit(use) {
      // What is measured comes from another origin, and nobody there says that it may be shown here.
      const browser = await openBrowser("--disable-web-security");
      try {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${server.port}/`);
        const ask = <R>(call: string) => page.evaluate<R>(`bench.${call}`);
        return await use({
          begin: (url, position = -1) => ask(`begin(${JSON.stringify(url)}, ${position})`),
          seek: (secs) => ask(`seek(${secs})`),
          otherSound: () => ask("otherSound()"),
          troubles: () => ask("troubles()"),
        });
      } finally {
        await browser.close();
      }
    },
    stop: async () => server.stop(true),
  };
}
