/** Bencoding (BEP 3): finds its way through a document, and leaves every value as it is written. */

/** It is not bencoded. */
export class Broken extends Error {}

/** libtorrent goes no deeper either. */
const DEEPEST = 100;

const code = (letter: string): number => letter.charCodeAt(0);
const [DICTIONARY, LIST, INTEGER, END, COLON] = [code("d"), code("l"), code("i"), code("e"), code(":")];

/** The values of a dictionary, as they are written, by key. Of a key that comes twice the first counts. @throws Broken */
export function entriesOf(bytes: Uint8Array): Map<string, Uint8Array> {
  if (bytes[0] !== DICTIONARY) throw new Broken("a dictionary was expected");
  const entries = new Map<string, Uint8Array>();
  for (let at = 1; bytes[at] !== END; ) {
    const { start, end } = stringAt(bytes, at);
    const key = decode(bytes.subarray(start, end));
    at = endOfValue(bytes, end);
    if (!entries.has(key)) entries.set(key, bytes.subarray(end, at));
  }
  return entries;
}

/** @throws Broken */
export function textOf(bytes: Uint8Array): string {
  const { start, end } = stringAt(bytes, 0);
  return decode(bytes.subarray(start, end));
}

/** Broken characters become U+FFFD. */
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Without recursion and without building anything: the document may be made to hurt. */
function endOfValue(bytes: Uint8Array, begin: number): number {
  let at = begin;
  let depth = 0;
  do {
    const letter = bytes[at];
    if (letter === DICTIONARY || letter === LIST) {
      if (++depth > DEEPEST) throw new Broken("too deep");
      at++;
    } else if (letter === END && depth > 0) {
      depth--;
      at++;
    } else if (letter === INTEGER) at = indexOf(bytes, END, at) + 1;
    else at = stringAt(bytes, at).end;
  } while (depth > 0);
  return at;
}

/** `4:spam` */
function stringAt(bytes: Uint8Array, at: number): { start: number; end: number } {
  const colon = indexOf(bytes, COLON, at);
  const digits = decode(bytes.subarray(at, colon));
  const end = colon + 1 + Number(digits);
  if (!/^\d+$/.test(digits) || end > bytes.length) throw new Broken("a string was expected");
  return { start: colon + 1, end };
}

/** Of the sign that ends a number; no number has more than 20 digits. */
function indexOf(bytes: Uint8Array, sign: number, from: number): number {
  const found = bytes.subarray(from, from + 22).indexOf(sign);
  if (found === -1) throw new Broken("a number was expected");
  return from + found;
}
