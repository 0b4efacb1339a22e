/** Q10: https with an authority of one's own, as people at home have. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import { type FakeQbittorrent, fakeQbittorrent } from "./fake-qbittorrent.ts";
import { haveQbittorrent, startQbittorrent, type TestQbittorrent } from "./qbittorrent.ts";

setDefaultTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), "anicargo-tls-"));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openssl(...args: string[]): Promise<void> {
  const child = Bun.spawn(["openssl", ...args], { cwd: folder, stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) !== 0) throw new Error(await child.stderr.text());
}

/** An authority, and a certificate of its for this address. */
async function makeCertificates(): Promise<void> {
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  await openssl("req", "-x509", ...key, "-subj", "/CN=Home", "-keyout", at("ca.key"), "-out", at("ca.pem"));
  await openssl("req", ...key.slice(0, 3), "-subj", "/CN=nas", "-keyout", at("nas.key"), "-out", at("nas.csr"));
  writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1\n");
  const signed = [
    "-CA",
    at("ca.pem"),
    "-CAkey",
    at("ca.key"),
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    at("names"),
  ];
  await openssl("x509", "-req", "-in", at("nas.csr"), ...signed, "-out", at("nas.pem"));
}

/** A process of its own, since authorities are read when it starts. @returns what it says */
async function ask({ config }: Pick<FakeQbittorrent, "config">, authority?: string): Promise<string> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "ask-version.ts"), JSON.stringify(config)], {
    env: { ...process.env, ...(authority && { NODE_EXTRA_CA_CERTS: authority }) },
    stdout: "pipe",
    stderr: "inherit",
  });
  return (await child.stdout.text()).trim();
}

describe.skipIf(!Bun.which("openssl"))("Q10: https", () => {
  let fake: FakeQbittorrent;
  beforeAll(async () => {
    await makeCertificates();
    const [cert, key] = [at("nas.pem"), at("nas.key")].map((path) => readFileSync(path, "utf8"));
    fake = fakeQbittorrent({ dialect: "5.3", basePath: "/qbt", tls: { cert, key } });
  });
  afterAll(() => fake.stop());

  test("an authority of one's own is trusted when it is named", async () => {
    expect(await ask(fake, at("ca.pem"))).toBe("v5.3.0");
  });

  test("else its certificates are not, and nothing is sent", async () => {
    const before = fake.requests.length;
    const said = await ask(fake);
    expect(said).toStartWith("qBittorrent's certificate is not trusted (");
    expect(said).toContain("NODE_EXTRA_CA_CERTS");
    expect(fake.requests).toHaveLength(before);
  });

  test("one for another host is not trusted either", async () => {
    const base_url = fake.url.replace("127.0.0.1", "localhost");
    const said = await ask({ config: { ...fake.config, base_url } }, at("ca.pem"));
    expect(said).toStartWith("qBittorrent's certificate is not trusted (");
    expect(said).toContain("the host of the certificate in qbittorrent.base_url");
  });

  test("TLS to a server that speaks none is told", async () => {
    const plain = fakeQbittorrent();
    const config = { ...plain.config, base_url: plain.url.replace("http:", "https:") };
    await expect(createQbittorrent(config).version()).rejects.toThrow("qBittorrent cannot be reached (");
    await plain.stop();
  });

  test.skipIf(!haveQbittorrent())("the real qBittorrent speaks it as well", async () => {
    const server: TestQbittorrent = await startQbittorrent({ tls: { cert: at("nas.pem"), key: at("nas.key") } });
    expect(await ask(server, at("ca.pem"))).toMatch(/^v\d/);
    expect(await ask(server)).toStartWith("qBittorrent's certificate is not trusted (");
    await server.stop();
  });
});
