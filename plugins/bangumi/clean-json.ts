/** Escapes in JSON for what PostgreSQL keeps in no text: a zero byte and halves of surrogate pairs. */
const SUSPECT = /\\u(0000|d[89a-f])/i;

/**
 * Reads JSON, leaving zero bytes and broken characters out of its texts.
 * @throws SyntaxError
 */
export function parseCleanJson(text: string): unknown {
  // The text itself holds neither: a decoder made it.
  return SUSPECT.test(text) ? JSON.parse(text, (_key, value) => cleaned(value)) : JSON.parse(text);
}

const cleaned = (value: unknown): unknown => {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [cleanText(key), member]));
};

const cleanText = (text: string): string => text.replaceAll("\0", "").toWellFormed();
