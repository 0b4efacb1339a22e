/** How `anicargo config` shows what holds. */
import { mask } from "../log-mask.ts";
import type { Setting } from "./load.ts";

const HIDDEN = "********";

/** One line a key: name, value, source, in columns. */
export function settingLines(settings: readonly Setting[]): string[] {
  const rows = settings.map((setting) => [setting.key, cell(setting), setting.source] as const);
  const [keys, values] = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map(([key, value, source]) => `${key.padEnd(keys!)}  ${value.padEnd(values!)}  ${source}`);
}

/** The same for programs; `value` is null where nothing is set. */
export const settingsJson = (settings: readonly Setting[]) =>
  settings.map((setting) => ({ ...setting, env: setting.env ?? null, value: visible(setting) ?? null }));

/** The factory values are public knowledge, and worth knowing about. */
function cell(setting: Setting): string {
  const value = visible(setting);
  if (value === undefined) return "(not set)";
  if (value === HIDDEN && setting.source === "default") return `${HIDDEN} (factory value)`;
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

function visible({ secret, value }: Setting): unknown {
  if (secret) return value ? HIDDEN : value;
  return typeof value === "string" ? mask(value) : value;
}
