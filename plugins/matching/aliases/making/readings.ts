/**
 * The likely readings of a Japanese title. Kuromoji answers the cheapest path through its lattice of words and nothing else,
 * but a title is often the second or third (`私` watashi or watakushi, `日本` nihon or nippon, names): so the same lattice
 * is walked backwards, cheapest paths first, until enough different readings have been seen.
 */
import { join } from "node:path";
import kuromoji, { type IpadicFeatures, type Tokenizer } from "kuromoji";
import { hiraganaOf } from "../../kana.ts";
import { chineseReadings, type Entry } from "./kanji.ts";
import { TITLE_WORDS } from "./words.ts";

/** A word of a title. */
export interface Word {
  surface: string;
  /** In hiragana, as it is said: the particle は is わ. The surface where no dictionary knows it. */
  reading: string;
  /** Written onto the word before: endings of verbs, suffixes of names. */
  bound: boolean;
}

/** The parts of kuromoji 0.1.2 that its types leave out. */
interface Node {
  name: number;
  cost: number;
  start_pos: number;
  length: number;
  type: "BOS" | "EOS" | "KNOWN" | "UNKNOWN" | "ADDED";
  left_id: number;
  right_id: number;
  surface_form: string;
  shortest_cost: number;
  /** Of an added node. */
  reading?: string;
}
interface Lattice {
  nodes_end_at: (Node[] | undefined)[];
  append(node: Node): void;
}
interface Inner {
  getLattice(text: string): Lattice;
  viterbi_searcher: {
    forward(lattice: Lattice): Lattice;
    connection_costs: { get(right: number, left: number): number };
  };
  token_info_dictionary: { getFeatures(name: number): string; target_map: Record<string, number[]> };
}

export interface Reader {
  tokenizer: Inner;
  /** The reading of two characters that the dictionary does not have together. */
  ofPair(pair: string): string | undefined;
}

/** Loads the dictionary (IPADIC, some 100 MB in memory); one second. */
export async function openReader(packages: string): Promise<Reader> {
  const dicPath = join(packages, "kuromoji/dict");
  const tokenizer = await new Promise<Tokenizer<IpadicFeatures>>((resolve, reject) => {
    kuromoji.builder({ dicPath }).build((error, built) => (error ? reject(error) : resolve(built)));
  });
  const inner = tokenizer as unknown as Inner;
  return { tokenizer: inner, ofPair: chineseReadings([...nouns(inner)]) };
}

function* nouns({ token_info_dictionary: dictionary }: Inner): Generator<Entry> {
  for (const ids of Object.values(dictionary.target_map))
    for (const id of ids) {
      const [surface = "", kind, detail, , , , , , reading = ""] = dictionary.getFeatures(id).split(",");
      if (kind === "名詞" && (detail === "一般" || detail === "サ変接続"))
        yield { surface, reading: hiraganaOf(reading) };
    }
}

/** `名詞,一般` in IPADIC's matrix of connections. */
const NOUN = 1285;
/** What the added nodes cost: as a common noun; and a little more than one that the dictionary has. */
const TITLE_WORD_COST = 2_000;
const PAIR_COST = 11_000;

/** Adds what the dictionary lacks to the words that a text may be made of. */
function complete(reader: Reader, lattice: Lattice, text: string): Lattice {
  const add = (start: number, surface: string, reading: string, cost: number): void =>
    lattice.append({
      name: -1,
      cost,
      start_pos: start + 1,
      length: surface.length,
      type: "ADDED",
      left_id: NOUN,
      right_id: NOUN,
      surface_form: surface,
      shortest_cost: Number.MAX_VALUE,
      reading,
    });
  for (const [word, reading] of TITLE_WORDS)
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
      add(at, word, reading, word.length === 1 ? PAIR_COST : TITLE_WORD_COST);
  for (const { 0: pair, index } of text.matchAll(/[\u3400-\u9fff](?=([\u3400-\u9fff]))/g)) {
    const both = pair + text[index + 1];
    const reading = reader.ofPair(both);
    const known = lattice.nodes_end_at[index + 2]?.some(
      (node) => node.start_pos === index + 1 && node.type === "KNOWN",
    );
    if (reading !== undefined && !known) add(index, both, reading, PAIR_COST);
  }
  return lattice;
}

/** How much dearer than the cheapest path a reading may be; a word that is never used costs some 5,000 more. */
const SLACK = 3_000;
/** Paths looked at for one text: most differ in the kind of a word and not in how it is read. */
const PATHS = 300;

interface Path {
  node: Node;
  /** From this node to the end. */
  cost: number;
  next: Path | undefined;
}

/** @returns at most `count` readings that differ, the likeliest first; never empty for a text that is not */
export function readingsOf(reader: Reader, text: string, count: number): Word[][] {
  const { tokenizer } = reader;
  const lattice = complete(reader, tokenizer.getLattice(text), text);
  const { nodes_end_at: endingAt } = tokenizer.viterbi_searcher.forward(lattice);
  const connection = tokenizer.viterbi_searcher.connection_costs;
  const end = endingAt.at(-1)![0]!;
  // Cheapest whole path first: what is behind a node is known from the forward pass.
  const open: { total: number; path: Path }[] = [
    { total: end.shortest_cost, path: { node: end, cost: 0, next: undefined } },
  ];
  const found = new Map<string, Word[]>();
  for (let seen = 0; open.length > 0 && seen < PATHS && found.size < count; ) {
    let best = 0;
    for (let at = 1; at < open.length; at++) if (open[at]!.total < open[best]!.total) best = at;
    const { total, path } = open[best]!;
    open[best] = open.at(-1)!;
    open.pop();
    if (total > end.shortest_cost + SLACK) break;
    if (path.node.type === "BOS") {
      seen++;
      const words = wordsOf(reader, path);
      const key = words.map((word) => word.reading).join("");
      if (!found.has(key)) found.set(key, words);
      continue;
    }
    for (const before of endingAt[path.node.start_pos - 1] ?? []) {
      if (before.shortest_cost === Number.MAX_VALUE) continue;
      const cost = path.cost + path.node.cost + connection.get(before.right_id, path.node.left_id);
      open.push({ total: before.shortest_cost + cost, path: { node: before, cost, next: path } });
    }
  }
  return found.size > 0 ? [...found.values()] : [[{ surface: text, reading: text, bound: false }]];
}

function wordsOf(reader: Reader, path: Path): Word[] {
  const words: Word[] = [];
  for (let step = path.next; step !== undefined && step.node.type !== "EOS"; step = step.next) {
    const { node } = step;
    if (node.reading !== undefined) {
      words.push({ surface: node.surface_form, reading: node.reading, bound: false });
      continue;
    }
    const known = node.type === "KNOWN" ? reader.tokenizer.token_info_dictionary.getFeatures(node.name).split(",") : [];
    const [surface = node.surface_form, kind = "", detail = ""] = known;
    const [reading = surface, pronunciation = ""] = known.slice(8);
    words.push({
      surface,
      reading: hiraganaOf(said(reading === "*" ? surface : reading, pronunciation)),
      bound: kind === "助動詞" || detail === "接尾" || (kind === "助詞" && detail === "接続助詞"),
    });
  }
  return words;
}

/** `ハ` and `ヘ` where they are said `ワ` and `エ`; the rest of the pronunciation has lost its long vowels. */
const said = (reading: string, pronunciation: string): string =>
  reading.length === pronunciation.length
    ? reading.replace(/[ハヘ]/g, (kana, at: number) => (/[ワエ]/.test(pronunciation[at]!) ? pronunciation[at]! : kana))
    : reading;
