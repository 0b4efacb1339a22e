/**
 * Q1: one client for all dialects. What the fake says is held to what the real program does, as far as there is one of its
 * version to test with (`QBITTORRENT_NOX` names another than that of the system).
 */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import { parseMagnet } from "../../../plugins/qbittorrent/magnet.ts";
import { LoginRefused } from "../../../plugins/qbittorrent/trouble.ts";
import { until } from "../../helpers/until.ts";
import { fakeQbittorrent } from "./fake-qbittorrent.ts";
import { haveQbittorrent, startQbittorrent } from "./qbittorrent.ts";

/** A real program on a machine that may be busy. */
setDefaultTimeout(30_000);

const HASH = "2fe0321f2c152629d1e3540c727a72bc26d21bd6";
const LINK = `magnet:?xt=urn:btih:${HASH}&dn=Show&tr=udp%3A%2F%2F127.0.0.1%3A9%2Fannounce`;

const fakes = (["4.5", "5.1", "5.2", "5.3"] as const).map(
  (dialect) => [`a fake ${dialect}`, async (options: object) => fakeQbittorrent({ dialect, ...options })] as const,
);
const dialects = [...(haveQbittorrent() ? [["the real one", startQbittorrent] as const] : []), ...fakes];

describe.each(dialects)("Q1: %s", (_, start) => {
  let server: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    server = await start({});
  });
  afterAll(() => server.stop());

  test("tells its version", async () => {
    const { version, api } = await createQbittorrent(server.config).version();
    expect(version).toMatch(/^v\d+\.\d+/);
    expect(api).toMatch(/^2\.\d+/);
  });

  test("a wrong password is told as one", async () => {
    const qbittorrent = createQbittorrent({ ...server.config, password: "wrong" });
    const error: unknown = await qbittorrent.version().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(LoginRefused);
    expect((error as Error).message).toContain("set qbittorrent.username and qbittorrent.password");
  });

  test("no user where one is wanted is told as that", async () => {
    const qbittorrent = createQbittorrent({ ...server.config, username: "" });
    await expect(qbittorrent.version()).rejects.toThrow("wants a login");
  });

  test("an API key that it does not take is told as one", async () => {
    const qbittorrent = createQbittorrent({ ...server.config, api_key: `qbt_${"x".repeat(28)}` });
    await expect(qbittorrent.version()).rejects.toThrow("refuses the API key");
  });

  test("Q4: adds a magnet once, however often and by how many it is asked to", async () => {
    const { hash, magnet } = parseMagnet(LINK);
    const add = () => createQbittorrent(server.config).add({ magnet }, { hash, category: "anicargo" });
    const first = await Promise.all([add(), add(), add()]);
    expect(first.filter((said) => said === "added")).not.toEqual([]);
    expect(await add()).toBe("already there");
    const torrents = await createQbittorrent(server.config).torrents({ hashes: [hash] });
    expect(torrents).toMatchObject([{ hash, category: "anicargo", progress: 0 }]);
  });

  test("lists by category and by hash, and what is not complete is not listed as such", async () => {
    const qbittorrent = createQbittorrent(server.config);
    expect(await qbittorrent.torrents({ category: "anicargo" })).toHaveLength(1);
    expect(await qbittorrent.torrents({ category: "another" })).toEqual([]);
    expect(await qbittorrent.torrents({ hashes: [HASH, "a".repeat(40)] })).toHaveLength(1);
    expect(await qbittorrent.torrents({ hashes: ["a".repeat(40)] })).toEqual([]);
    expect(await qbittorrent.torrents({ completed: true })).toEqual([]);
  });

  test("Q14: a torrent that is not there has no files", async () => {
    expect(await createQbittorrent(server.config).files("a".repeat(40))).toBeNull();
  });

  test("a .torrent file that is none is refused", async () => {
    const file = new TextEncoder().encode("not a torrent");
    const added = createQbittorrent(server.config).add({ file, name: "bad" }, { hash: "b".repeat(40), category: "" });
    await expect(added).rejects.toThrow("does not take this torrent");
  });

  test("S16: a magnet from outside cannot become a second one", async () => {
    const { hash, magnet } = parseMagnet(
      `magnet:?xt=urn:btih:${"c".repeat(40)}&dn=a%0Amagnet%3A%3Fxt%3Durn%3Abtih%3A${"d".repeat(40)}`,
    );
    const qbittorrent = createQbittorrent(server.config);
    await qbittorrent.add({ magnet }, { hash, category: "" });
    // It lists what it was given a moment later.
    await until(async () => (await qbittorrent.torrents()).length > 1);
    expect((await qbittorrent.torrents()).map((torrent) => torrent.hash).sort()).toEqual([HASH, hash]);
  });
});

describe.each(dialects)("Q2: %s", (_, start) => {
  test("a ban is told, and not deepened", async () => {
    const server = await start({ banAfter: 2 });
    const wrong = () => createQbittorrent({ ...server.config, password: "wrong" }).version();
    await expect(wrong()).rejects.toThrow("refuses the login");
    await expect(wrong()).rejects.toThrow("refuses the login");
    // With the right password too.
    const qbittorrent = createQbittorrent(server.config);
    for (let asked = 0; asked < 6; asked++)
      await expect(qbittorrent.version()).rejects.toThrow("has banned this machine");
    await server.stop();
  });
});

describe.each(dialects)("Q15: %s", (_, start) => {
  test.each([
    ["ad min", "p@ss w+rd&=%20;ü"],
    ["用户名", "line one\nline two"],
    ["o'neill\"\\", "日本語のパスワード🔑"],
  ])("user %j, password %j", async (username, password) => {
    const server = await start({ username, password });
    expect(await createQbittorrent({ ...server.config, username, password }).torrents()).toEqual([]);
    await server.stop();
  });
});

test.each(dialects)("no login is wanted from this machine: %s", async (_, start) => {
  const server = await start({ localAuth: false });
  expect(await createQbittorrent({ ...server.config, username: "", password: "" }).torrents()).toEqual([]);
  // One that is given all the same is no trouble.
  expect(await createQbittorrent(server.config).torrents()).toEqual([]);
  await server.stop();
});
