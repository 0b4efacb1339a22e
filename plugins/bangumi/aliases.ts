/** What else a subject is called, out of the table of facts (infobox) that its wiki page shows. */

const KEY = "别名";

/**
 * The values of 别名 in the wiki's order, each once. A value is a text, or a list of `{ v }` or `{ k, v }`, where `k` names
 * the language; whatever else an author made of it is passed over.
 */
export function readAliases(infobox: unknown): string[] {
  const values = list(infobox)
    .filter((fact) => field(fact, "key") === KEY)
    .flatMap((fact) => {
      const value = field(fact, "value");
      return typeof value === "string" ? [value] : list(value).map((item) => field(item, "v") ?? item);
    });
  const names = values.filter((value) => typeof value === "string").map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== "");
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
