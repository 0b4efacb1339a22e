/** The subjects that titles may mean: asked of the bundled index and of Bangumi, and scored. */
import type { Subject } from "../bangumi/model.ts";
import type { AniList } from "./anilist/model.ts";
import { romajiOfKana } from "./kana.ts";
import type { AliasIndex, Catalog, KnownWork } from "./model.ts";
import { type Work, workOf } from "./names.ts";
import { fold, isLatin } from "./normalize.ts";
import { isAnime } from "./platform.ts";
import { fallbackKeywords, keywords } from "./queries.ts";
import { type Score, scoreWork, worth } from "./score.ts";
import type { Title } from "./titles.ts";

export interface Field {
  /** Best first. */
  scores: Score[];
  /** A work with every name that is known for its subject; the same one for the same subject. */
  toWork(subject: Subject): Work;
}

/** As good as it gets: what else is asked cannot be better. */
const CERTAIN = 0.97;
/** Below it other words are tried. */
const GOOD = 0.9;
/** A work of the index that is worth a question of its own. */
const LIKELY = 0.8;
const MOST_QUERIES = 4;
/** Works of the index that the search did not bring, asked for by id. */
const MOST_BY_ID = 3;

/** What is asked, in the order in which it is. */
export interface Sources {
  /** Bundled: costs nothing. */
  aliases: AliasIndex;
  catalog: Catalog;
  /** Only where Latin titles found nothing good. */
  anilist?: Pick<AniList, "search">;
}

export async function gather(titles: readonly Title[], { catalog, aliases, anilist }: Sources): Promise<Field> {
  const known = knownFor(titles, aliases);
  const works = new Map<number, Work>();
  const toWork = (subject: Subject, more: readonly string[] = []): Work => {
    let work = works.get(subject.id);
    if (!work) {
      const kana = romajiOfKana(subject.name);
      work = workOf(subject, [...(aliases.work(subject.id)?.titles ?? []), ...(kana ? [kana] : []), ...more]);
      works.set(subject.id, work);
    }
    return work;
  };

  const pool = new Map<number, Score>();
  const add = (subjects: readonly Subject[]): void => {
    for (const subject of subjects)
      if (isAnime(subject) && !pool.has(subject.id)) pool.set(subject.id, scoreWork(toWork(subject), titles));
  };
  const best = (): Score | undefined => [...pool.values()].toSorted((a, b) => worth(b) - worth(a))[0];

  const ranked = rank(known, titles);
  const likely = ranked.filter(({ value }) => value >= LIKELY).map(({ work }) => work);
  for (const [at, keyword] of keywords(titles, likely).slice(0, MOST_QUERIES).entries()) {
    const top = best();
    if (at > 0 && top && worth(top) >= CERTAIN && !top.title?.derived) break;
    add(await catalog.search(keyword));
  }
  const byId = worth(best() ?? NOTHING) < GOOD ? ranked.map(({ work }) => work) : likely;
  for (const { subjectId } of byId.slice(0, MOST_BY_ID)) {
    if (pool.has(subjectId)) continue;
    const subject = await catalog.subject(subjectId);
    if (subject) add([subject]);
  }
  if (worth(best() ?? NOTHING) < GOOD)
    for (const keyword of fallbackKeywords(titles)) add(await catalog.search(keyword));

  const latin = titles.find((title) => title.latin && !title.derived);
  if (anilist && latin && worth(best() ?? NOTHING) < GOOD)
    for (const { subject, names } of await throughAniList(latin.base, anilist, catalog, aliases)) {
      works.delete(subject.id);
      pool.delete(subject.id);
      if (isAnime(subject)) pool.set(subject.id, scoreWork(toWork(subject, names), titles));
    }

  return { scores: [...pool.values()].toSorted((a, b) => worth(b) - worth(a)), toWork };
}

/** AniList's works as Bangumi's subjects: by their ids where the index has them, else by their original title. */
async function throughAniList(
  title: string,
  anilist: Pick<AniList, "search">,
  catalog: Catalog,
  aliases: AliasIndex,
): Promise<{ subject: Subject; names: readonly string[] }[]> {
  const found: { subject: Subject; names: readonly string[] }[] = [];
  for (const { anilistId, malId, titles: names } of (await anilist.search(title)).slice(0, MOST_BY_ID)) {
    const id =
      aliases.subjectFor("anilist", String(anilistId)) ??
      (malId === null ? undefined : aliases.subjectFor("myanimelist", String(malId)));
    const original = names.find((name) => !isLatin(name));
    let subject = id === undefined ? null : await catalog.subject(id);
    if (!subject && original) {
      const subjects = await catalog.search(original);
      subject =
        subjects.find(({ name, name_cn }) => [name, name_cn].some((other) => fold(other) === fold(original))) ?? null;
    }
    if (subject) found.push({ subject, names });
  }
  return found;
}

const NOTHING = { full: 0, base: 0 } as Score;

function knownFor(titles: readonly Title[], aliases: AliasIndex): KnownWork[] {
  const found = new Map<number, KnownWork>();
  for (const title of titles) {
    for (const work of aliases.exact(title.text)) found.set(work.subjectId, work);
    if (title.latin && title.romajiBase.length >= 6)
      for (const work of aliases.similar(title.text)) found.set(work.subjectId, work);
  }
  return [...found.values()];
}

/** Best first, by the names that the index itself has. */
const rank = (known: readonly KnownWork[], titles: readonly Title[]): { work: KnownWork; value: number }[] =>
  known
    .map((work) => ({ work, value: worth(scoreWork(workOf(asSubject(work), work.titles.slice(1)), titles)) }))
    .toSorted((a, b) => b.value - a.value);

const asSubject = ({ subjectId, titles, platform, date }: KnownWork): Subject => ({
  id: subjectId,
  name: titles[0] ?? "",
  name_cn: "",
  aliases: [],
  platform,
  date,
  eps: 0,
  total_episodes: 0,
  nsfw: false,
  image: null,
});
