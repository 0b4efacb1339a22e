/** `[matching]` */
import { type Static, Type } from "typebox";
import { text, toggle } from "../../src/lib/setting.ts";

export const matchingConfig = Type.Object({
  anilist: toggle({
    env: "ANICARGO_MATCHING_ANILIST",
    default: false,
    description: "Ask AniList for Latin titles that Bangumi does not know; sends those titles to AniList",
  }),
  anilist_url: text({
    env: "ANICARGO_MATCHING_ANILIST_URL",
    default: "https://graphql.anilist.co",
    description: "A mirror, where AniList is blocked",
    expected: "an http or https URL",
    check: (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
  }),
});

export type MatchingConfig = Static<typeof matchingConfig>;
