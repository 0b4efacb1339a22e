import { expect, test } from "bun:test";
import { bangumiConfig } from "../../../plugins/bangumi/config.ts";
import { loadConfig } from "../../../src/config/load.ts";

const load = (env: Record<string, string>) =>
  loadConfig({ sections: [{ name: "bangumi", schema: bangumiConfig }], flags: {}, env, cwd: "/", home: "/" });

test("by default it is Bangumi itself, politely and under our own name", async () => {
  expect((await load({})).plugins.bangumi).toEqual({
    ...{ access_token: "", base_url: "https://api.bgm.tv", proxy: "", requests_per_second: 3 },
    user_agent: expect.stringMatching(/^anicargo\/anicargo\/\d+\.\d+\.\d+ \(\w+-\w+\)$/),
  });
});

test.each([
  ["ANICARGO_BANGUMI_USER_AGENT", "番组/1.0"],
  ["ANICARGO_BANGUMI_USER_AGENT", "a\nb: c"],
  ["ANICARGO_BANGUMI_ACCESS_TOKEN", "two\nlines"],
  ["ANICARGO_BANGUMI_BASE_URL", "api.bgm.tv"],
  ["ANICARGO_BANGUMI_BASE_URL", "https://api.bgm.tv/?key=1"],
  ["ANICARGO_BANGUMI_PROXY", "socks5://127.0.0.1:1080"],
  ["ANICARGO_BANGUMI_REQUESTS_PER_SECOND", "-1"],
])("%s=%j is refused, naming the key", async (name, value) => {
  await expect(load({ [name]: value })).rejects.toThrow(name);
});
