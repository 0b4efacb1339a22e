/** What the folders above a file say of it. */
import { numeral } from "../../lib/numeral.ts";
import { remember } from "../../lib/remember.ts";
import { isStaged } from "./kinds.ts";
import { type NameReading, readName } from "./read-name.ts";
import { isAllTechnical } from "./technical.ts";

/** A folder that only counts: "Season 2", 第二季, S02. */
const SEASON = /^(?:season|series|saison|s|第)[\s._-]*0*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:季|期|部)?$/i;
const SPECIALS = /^(?:sps?|specials?|ovas?|oads?|ova ?& ?sp|season\s*0+|s00|番外[篇編编]?|特[别別][篇編编])$/i;
const EXTRAS =
  /^(?:extras?|bonus(?:es)?|scans?|cds?|menus?|nc|nc ?(?:op|ed).*|op ?(?:&|and|\+) ?ed|ops?|eds?|pvs?|cms?|trailers?|previews?|samples?|featurettes|特典.*|映像特典.*|预告|予告)$/i;

/** Parts of a box, and what a collection is sorted by. */
const SORTED = /^(?:(?:disc|disk|dvd|bd|cd|vol(?:ume)?\.?)[\s._-]*\d*|tv(?: series)?|movies?|films?|main)$/i;

export interface FolderReading {
  /** The number of a season, where the folder holds nothing but one. */
  season: number | null;
  /** What lies in it, where its name says nothing else. */
  holds: "specials" | "extras" | null;
  staged: boolean;
  /** Null for a folder that only counts or sorts. */
  name: NameReading | null;
}

/** Remembered: a folder is read once, not once a file. */
export const readFolder = remember(read);

function read(folder: string): FolderReading {
  const text = folder.normalize("NFKC").replace(/_/g, " ").trim();
  const staged = isStaged(text);
  if (SPECIALS.test(text)) return { season: null, holds: "specials", staged, name: null };
  if (EXTRAS.test(text)) return { season: null, holds: "extras", staged, name: null };
  if (SORTED.test(text) || isAllTechnical(text)) return { season: null, holds: null, staged, name: null };
  const season = numeral(SEASON.exec(text)?.[1] ?? "");
  return { season, holds: null, staged, name: season === null ? readName(folder, true) : null };
}
