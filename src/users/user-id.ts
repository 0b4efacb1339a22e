import { Unprocessable } from "../errors.ts";

/** Letters and digits of any script: people have names. Nothing that needs escaping in an address or looks like a flag. */
const USER_ID = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._@+-]{0,63}$/u;

/** One spelling for what looks the same (Unicode normalization form C): keyboards differ in how they compose accents. */
export const canonicalUserId = (text: string): string => text.normalize("NFC");

/**
 * The id of a new user, in its canonical spelling.
 * @throws Unprocessable
 */
export function parseUserId(text: string): string {
  const id = canonicalUserId(text);
  if (USER_ID.test(id)) return id;
  throw new Unprocessable("user_id: expected 1 to 64 letters, digits or . _ @ + -, with a letter or digit first");
}
