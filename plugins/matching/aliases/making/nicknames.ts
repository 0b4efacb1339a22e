/** What a work calls itself in addresses: the short names of long titles (`nigetsuri-anime.com`), which releases use as well. */

export interface Addressed {
  title: string;
  officialSite?: string;
  sites: readonly { site: string; id?: string }[];
}

/** A domain with more works than this is a station's or a studio's, and its name says nothing about one of them. */
const OWN_DOMAIN = 4;
const SHORTEST = 4;
const NOT_A_NAME =
  /^(?:www\d*|web|tv|ova|bd|dvd|jp|en|sp|pc|anime|animation|movie|special|portal|project|official|\d*(?:st|nd|rd|th)? ?season ?\d*)$/;
const AFFIX =
  /^(?:anime|tv|movie|the|special|gekijouban)[-_]|[-_]?(?:(?:the[-_]?)?animation|anime|tvanime|tv|movie|official|project|pj|ova)\d?$|[-_]0?\d$|(?<=[a-z])0\d$|[-_]?\d(?:st|nd|rd|th)$/;

/** @returns for each work the short names that its own site and its channel carry */
export function nicknames(works: readonly Addressed[]): string[][] {
  const addresses = works.map(({ officialSite = "" }) =>
    URL.canParse(officialSite) ? new URL(officialSite) : undefined,
  );
  const counts = new Map<string, number>();
  for (const address of addresses) if (address) counts.set(domainOf(address), (counts.get(domainOf(address)) ?? 0) + 1);
  return works.map(({ sites }, at) => {
    const address = addresses[at];
    const own = address && counts.get(domainOf(address))! <= OWN_DOMAIN;
    const names = [
      ...(address ? [own ? labelOf(address) : (pathOf(address) ?? "")] : []),
      ...sites.filter(({ site }) => site === "nicovideo").map(({ id }) => id ?? ""),
    ];
    return [...new Set(names.map(clean).filter(isName))];
  });
}

/** `nigetsuri-anime.com` of `www.nigetsuri-anime.com`; `example.co.jp`. */
const domainOf = ({ hostname }: URL): string =>
  hostname.match(/[^.]+\.(?:(?:co|ne|or|ac|go|gr)\.)?[a-z]+$/)?.[0] ?? hostname;
const labelOf = (address: URL): string => domainOf(address).split(".")[0]!;
/** `/anime/matakoro/` on a station's site. */
const pathOf = ({ pathname }: URL): string | undefined => pathname.match(/^\/(?:anime|special)\/([^/.]+)\/?/i)?.[1];

function clean(name: string): string {
  let text = name.toLowerCase();
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(AFFIX, "");
  }
  return text.replace(/[-_]+/g, " ").trim();
}

const isName = (name: string): boolean => name.length >= SHORTEST && /[a-z]{3}/.test(name) && !NOT_A_NAME.test(name);
