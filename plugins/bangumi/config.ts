/** `[bangumi]` */
import { type Static, Type } from "typebox";
import { decimal, text } from "../../src/lib/setting.ts";
import { version } from "../../src/plugin.ts";

const isHttpUrl = (value: string): boolean => /^https?:$/.test(URL.parse(value)?.protocol ?? "");

/** Paths are put behind it. */
const isBaseUrl = (value: string): boolean => isHttpUrl(value) && !/[?#]/.test(value);

/** What a header of HTTP can hold. */
const isHeaderText = (value: string): boolean => /^[\x20-\x7e]*$/.test(value);

export const bangumiConfig = Type.Object({
  access_token: text({
    env: "ANICARGO_BANGUMI_ACCESS_TOKEN",
    default: "",
    description: "A personal access token, for what Bangumi shows to members only",
    secret: true,
    expected: "ASCII letters, digits and signs",
    check: isHeaderText,
  }),
  user_agent: text({
    env: "ANICARGO_BANGUMI_USER_AGENT",
    default: `anicargo/anicargo/${version} (${process.platform}-${process.arch})`,
    defaultText: "anicargo/anicargo/<version> (<platform>)",
    example: "someone/anicargo/1.0",
    description: "How requests name themselves: Bangumi refuses the names of common HTTP clients",
    expected: "ASCII letters, digits and signs on one line",
    check: isHeaderText,
  }),
  base_url: text({
    env: "ANICARGO_BANGUMI_BASE_URL",
    default: "https://api.bgm.tv",
    description: "A mirror, where Bangumi is blocked",
    expected: "an http or https URL without ? and #",
    check: isBaseUrl,
  }),
  proxy: text({
    env: "ANICARGO_BANGUMI_PROXY",
    default: "",
    description: "HTTP proxy for Bangumi alone",
    expected: "an http or https URL, or nothing",
    check: (value) => value === "" || isHttpUrl(value),
  }),
  requests_per_second: decimal({
    env: "ANICARGO_BANGUMI_REQUESTS_PER_SECOND",
    default: 3,
    minimum: 0,
    maximum: 1000,
    description: "Requests a second at most; 0: no limit, for a mirror of one's own",
  }),
});

export type BangumiConfig = Static<typeof bangumiConfig>;
