/** The core's own tables; plugins bring theirs. */
import type { Migration } from "./migration-plan.ts";
import jobs from "./migrations/0001-jobs.sql" with { type: "text" };
import users from "./migrations/0002-users.sql" with { type: "text" };
import media from "./migrations/0003-media.sql" with { type: "text" };
import reading from "./migrations/0004-reading.sql" with { type: "text" };

export const coreMigrations: readonly Migration[] = [
  { name: "0001-jobs", sql: jobs },
  { name: "0002-users", sql: users },
  { name: "0003-media", sql: media },
  { name: "0004-reading", sql: reading },
];
