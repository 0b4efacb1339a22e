// biome-ignore lint/complexity/useRegexLiterals: the ranges read better as escapes
const CONTROL = new RegExp(
  "[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]",
  "g",
);

/**
 * Shows control characters instead of obeying them, so that a file name cannot drive the terminal or forge a log line.
 * Tabs stay: they separate columns.
 */
export const printable = (text: string): string =>
  text.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
