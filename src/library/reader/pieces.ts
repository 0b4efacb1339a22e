/** A name cut into its brackets and what stands between them: pure. */
import { type Box, readBox } from "./box.ts";

export interface Piece {
  text: string;
  /** What its bracket makes of it: [] and the like, or () where what is inside is no part of a sentence. Null: running text. */
  box: Box | null;
}

/** The longest name that a file system gives is shorter; the time of some patterns grows with the square of the length. */
const LONGEST = 512;
const EXTENSION = /\.(?:mkv|mp4|m4v|webm|avi|mov|ts|m2ts|wmv|flv|rmvb|ogm)$/i;

/** Season of broadcast, as groups announce it: ★04月新番★, "4月新番", "2024年7月新番". */
const BANNER =
  /[★☆][^★☆[\]]{0,12}(?:新番|[剧劇][场場]版|电影|電影)(?:[^★☆[\]]{0,6}[★☆])?|(?:\d{4}年)?\d{1,2}月新番[★☆]?|(?<=\])[★☆](?=\s*\[)/g;
/** Words for search engines, and where it may be watched. */
const ASIDE = /[([](?:检索|檢索|搜索|索引|[僅仅]限|别名|又名)[^)\]]*[)\]]/g;

/** In NFKC, with one kind of brackets, dashes and blanks, without the extension of a file. */
export function plainName(name: string, isFolder: boolean): string {
  return (isFolder ? name : name.replace(EXTENSION, ""))
    .slice(0, LONGEST)
    .toWellFormed()
    .replace(/[\u2160-\u217f]+/g, " $& ")
    .normalize("NFKC")
    .replace(/[【〖〔]/g, "[")
    .replace(/[】〗〕]/g, "]")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\u301c/g, "~")
    .replace(ASIDE, " ")
    .replace(/[\s\u3000]+/g, " ")
    .trim();
}

/** Underscores, dots, dashes stand for blanks in a name that has none outside of its brackets. */
export function spaced(text: string): string {
  const outside = text.replace(/\[[^\]]*\]|\([^)]*\)/g, "");
  if (/\s/.test(outside.trim())) return text;
  if (/_/.test(outside) && !/_[^_]*[\u3040-\u9fff]|[\u3040-\u9fff][^_]*_/.test(outside)) return blanksFor(text, /_+/g);
  if (/[^.]\.[^.]+\./.test(outside)) return blanksFor(text, DOT);
  if (/[^-]-[^-]+-[^-]/.test(outside)) return blanksFor(text, /-+/g);
  return /\w\+\w+\+\w/.test(outside) ? blanksFor(text, /\++/g) : text;
}

/** Every dot but that of a decimal number: "3.0.You" but not "E04.4K". */
const DOT = /(?<!(?<!\d)\d{1,2}(?=\.\d(?![\da-z])))\./gi;

const blanksFor = (text: string, what: RegExp) =>
  text
    .split(/(\[[^\]]*\]|\([^)]*\))/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(what, " ")))
    .join("");

/** Cuts at brackets. What is left of a bracket without its other half is dropped. */
export function toPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  const whole = text
    .replace(/^[\]}]+/, "[")
    .replace(/^\[{2,}/, "[")
    .replace(/^([^[\]()]{2,40})\]/, "[$1]");
  let from = 0;
  const addText = (to: number) => {
    const between = whole.slice(from, to).replace(BANNER, " ").replace(/[[\]]/g, " ");
    if (/[^\s_]/.test(between)) pieces.push({ text: between, box: null });
  };
  for (const match of whole.matchAll(/\[([^[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\}/g)) {
    const inside = (match[1] ?? match[2] ?? match[3] ?? "").replace(BANNER, " ").trim();
    const box = readBox(inside);
    if (match[1] === undefined && (box.sort === "text" || isOtherCount(box, whole.slice(from, match.index)))) continue;
    addText(match.index);
    if (inside !== "") pieces.push({ text: inside, box });
    from = match.index + match[0].length;
  }
  addText(whole.length);
  return pieces;
}

/** "02 (28)": the same episode in another count, which is read with the first. */
const isOtherCount = ({ marker }: Box, before: string): boolean =>
  marker?.episode != null && marker.lastEpisode == null && /\d(?:v\d)?\s*$/.test(before);
