import type { Core } from "../../src/plugin.ts";
import { banEnd, saveBan } from "./store.ts";

/** Remembers that qBittorrent has banned us. */
export interface Bans {
  /** When a login may be tried again; null: nothing is known against it. */
  until(): Promise<Date | null>;
  set(until: Date): Promise<void>;
}

/** For as long as this process lives. */
export function memoryBans(): Bans {
  let end: Date | null = null;
  return {
    until: async () => end,
    set: async (until) => {
      end = until;
    },
  };
}

/** For every process on this database: each command is a new one, and each of its logins would deepen the ban. */
export const storedBans = (sql: Core["sql"], baseUrl: string): Bans => ({
  until: () => banEnd(sql, baseUrl),
  async set(until) {
    await saveBan(sql, baseUrl, until);
  },
});
