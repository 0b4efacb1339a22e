/** Languages as files name them: `jpn`, `ja`, `chi`, `zh-Hans`, and whatever else people write. Pure. */

/** What says that nobody knows. */
const NONE = ["und", "mis", "mul", "zxx"];

/** The bibliographic codes of ISO 639-2, which Matroska asks for; BCP 47 knows the other code of these languages only. */
const BIBLIOGRAPHIC: Record<string, string> = {
  ...{ alb: "sq", arm: "hy", baq: "eu", bur: "my", chi: "zh", cze: "cs", dut: "nl", fre: "fr", geo: "ka", ger: "de" },
  ...{ gre: "el", ice: "is", mac: "mk", mao: "mi", may: "ms", per: "fa", rum: "ro", slo: "sk", tib: "bo", wel: "cy" },
};

/** @returns the BCP 47 tag (`ja`); null for what is none */
export function languageTag(language: string | null): string | null {
  try {
    const [tag] = Intl.getCanonicalLocales(language ?? "und");
    return tag === undefined || NONE.includes(tag) ? null : (BIBLIOGRAPHIC[tag] ?? tag);
  } catch {
    return null;
  }
}

/** @returns its English name (`Japanese`); null for what is none */
export function languageName(language: string | null): string | null {
  const tag = languageTag(language);
  if (tag === null) return null;
  try {
    return names.of(tag) ?? tag;
  } catch {
    // With extensions, a tag is more than a language.
    return tag;
  }
}

const names = new Intl.DisplayNames("en", { type: "language" });
