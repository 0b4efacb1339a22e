import { afterEach, beforeEach, expect, test } from "bun:test";
import { checkBangumi } from "../../../plugins/bangumi/doctor.ts";
import { apiError, type FakeBangumi, fakeBangumi, htmlPage, silence } from "../../helpers/fake-bangumi.ts";
import { CONFIG } from "./place.ts";
import { testProxy } from "./proxy.ts";

let fake: FakeBangumi;
beforeEach(() => {
  fake = fakeBangumi();
});
afterEach(() => fake.stop());

const check = (config: Partial<typeof CONFIG> = {}) => checkBangumi({ ...CONFIG, base_url: fake.url, ...config });

test("tells how long an answer took, also from a mirror without the subject that is asked for", async () => {
  expect(await check()).toEqual([
    { name: "Bangumi", ok: true, detail: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ answered in \d+ ms$/) },
  ]);
  expect(fake.requests[0]).toMatchObject({ path: "/v0/subjects/1", authorization: null });
});

test("tries the token", async () => {
  expect((await check({ access_token: "sesame" }))[1]).toEqual({ name: "Bangumi token", ok: true, detail: "accepted" });
  expect(fake.requests[1]).toMatchObject({ path: "/v0/me", authorization: "Bearer sesame" });
});

test("tells a token that is refused from an address that is wrong", async () => {
  fake.fail("/v0/me", apiError(401));
  const [reach, token] = await check({ access_token: "sesame" });
  expect(reach!.ok).toBe(true);
  expect(token).toEqual({
    ...{ name: "Bangumi token", ok: false, detail: "Bangumi refuses the token" },
    fix: "set a new bangumi.access_token, or none",
  });
});

test("a mirror without users cannot test a token", async () => {
  fake.fail("/v0/me", apiError(404));
  expect((await check({ access_token: "sesame" }))[1]).toMatchObject({
    ok: true,
    detail: expect.stringContaining("not tested"),
  });
});

test("a web page is no Bangumi", async () => {
  fake.fail("*", htmlPage(404));
  expect(await check({ access_token: "sesame" })).toEqual([
    {
      name: "Bangumi",
      ok: false,
      detail: expect.stringContaining("a web page"),
      fix: expect.stringContaining("bangumi.base_url"),
    },
  ]);
});

test("a name that is not liked says which key to set", async () => {
  expect((await check({ user_agent: "undici" }))[0]).toMatchObject({
    ok: false,
    fix: expect.stringContaining("bangumi.user_agent"),
  });
});

test("nobody there, and no answer in time", async () => {
  fake.fail("*", silence);
  const late = await checkBangumi({ ...CONFIG, base_url: fake.url }, { begin: 20, whole: 20 });
  expect(late[0]).toMatchObject({ ok: false, detail: expect.stringContaining("did not answer within") });
  await fake.stop();
  expect((await check())[0]).toMatchObject({ ok: false, detail: expect.stringContaining("connection refused") });
});

test("says that the way went through the proxy, without its password", async () => {
  const proxy = await testProxy("user", "p@ss");
  const [reach] = await check({ proxy: proxy.url });
  expect(reach).toMatchObject({ ok: true, detail: expect.stringContaining("answered through bangumi.proxy in") });
  expect(proxy.asked.length).toBe(1);
  await proxy.stop();
});
