/** `/watch`: what the page is made of, and what it may load. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { watchRoutes } from "../../../plugins/hls/watch.ts";
import type { MediaFile } from "../../../src/plugin.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";

const ID = "0123456789abcdef";

let http: TestHttp;
beforeAll(async () => {
  const media: MediaFile = {
    id: ID,
    path: "x/[Group] Some & <Other> Name - 01.mkv",
    file: "/x",
    size: 1,
    version: "1",
  };
  http = await startHttp({ routes: (auth) => watchRoutes({ find: async () => media }, auth.guards) });
});
afterAll(() => http.stop());

const tokenFor = (id: string) => http.auth.guards.signFileToken({ userId: "alice", role: "user" }, id);
const open = async (token?: string) => fetch(`${http.url}/watch/${token ?? (await tokenFor(ID))}/${ID}`);

describe("the page", () => {
  test("names the file and nothing that the name could make of it", async () => {
    const page = await open();
    expect(page.headers.get("content-type")).toStartWith("text/html");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    const html = await page.text();
    // HARDENING S36.
    expect(html).toContain("<title>[Group] Some &amp; &lt;Other&gt; Name - 01.mkv</title>");
    expect(html).toContain("<h1>[Group] Some &amp; &lt;Other&gt; Name - 01.mkv</h1>");
    expect(html).not.toContain("<Other>");
  });

  test("may load from its own server only", async () => {
    const policy = (await open()).headers.get("content-security-policy")!;
    const sources = policy.split("; ").flatMap((line) => line.split(" ").slice(1));
    expect(policy).toStartWith("default-src 'none'");
    expect([...new Set(sources)].sort()).toEqual(["'none'", "'self'", "'wasm-unsafe-eval'", "blob:"]);
  });

  test("is refused with a token that is not for this item", async () => {
    expect((await open("x")).status).toBe(401);
    expect((await open(await tokenFor("00000000000000ff"))).status).toBe(401);
  });
});

describe("what it is made of", () => {
  test("all that the page names is there", async () => {
    const html = await (await open()).text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(parts).toEqual(["/watch/icon.svg", "/watch/player.css", "/watch/hls.js", "/watch/player.js"]);
    for (const part of parts) expect((await fetch(http.url + part)).status).toBe(200);
  });

  test.each([
    ["hls.js", "text/javascript"],
    ["player.js", "text/javascript"],
    ["jassub.js", "text/javascript"],
    ["jassub.wasm", "application/wasm"],
    ["jassub-modern.wasm", "application/wasm"],
    ["liberation-sans.woff2", "font/woff2"],
    ["player.css", "text/css"],
    ["icon.svg", "image/svg+xml"],
  ])("%s comes as %s, and may load nothing from elsewhere if it runs by itself", async (name, type) => {
    const answer = await fetch(`${http.url}/watch/${name}`);
    expect(answer.headers.get("content-type")).toStartWith(type);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toStartWith("default-src 'none'");
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
  });

  test("no script holds what is under the GPL, nor an address of somebody else's fonts", async () => {
    for (const name of ["player.js", "jassub.js"]) {
      const script = await (await fetch(`${http.url}/watch/${name}`)).text();
      expect(script).not.toContain("_rvfcpolyfillmap");
      expect(script).not.toMatch(/fonts\.(googleapis|gstatic)/);
    }
  });
});
