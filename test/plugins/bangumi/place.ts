/** The plugin's service over a real database and a fake Bangumi; what a test changes is named. */
import type { AskerOptions } from "../../../plugins/bangumi/asker.ts";
import type { BangumiConfig } from "../../../plugins/bangumi/config.ts";
import bangumiSql from "../../../plugins/bangumi/migrations/0001-bangumi.sql" with { type: "text" };
import { type BangumiService, createBangumi } from "../../../plugins/bangumi/service.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { type FakeBangumi, type FakeContent, fakeBangumi } from "../../helpers/fake-bangumi.ts";
import { recordingLogger } from "../../helpers/http.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

export const CONFIG: BangumiConfig = {
  access_token: "",
  user_agent: "someone/anicargo/test",
  base_url: "http://127.0.0.1:1",
  proxy: "",
  requests_per_second: 0,
};

export type Options = Partial<Pick<AskerOptions, "deadlines" | "pause">>;

export interface BangumiPlace extends BangumiService {
  database: TestDatabase;
  fake: FakeBangumi;
  log: ReturnType<typeof recordingLogger>;
  /** Like another process on the same database. */
  another(config?: Partial<BangumiConfig>, options?: Options): BangumiService;
  /** Lets time pass for everything that is cached. */
  age(interval: string): Promise<void>;
  stopping: AbortController;
  close(): Promise<void>;
}

/** No pauses between attempts, unless the test brings its own. */
export async function bangumiPlace(
  content: FakeContent = {},
  config: Partial<BangumiConfig> = {},
): Promise<BangumiPlace> {
  const database = await testDatabase();
  const { sql } = database;
  await migrate(sql, [{ name: "bangumi", migrations: [{ name: "0001-bangumi", sql: bangumiSql }] }], silentLogger);
  const fake = fakeBangumi(content);
  const log = recordingLogger();
  const stopping = new AbortController();
  const another = (more: Partial<BangumiConfig> = {}, options: Options = {}) =>
    createBangumi(
      { sql, log, signal: stopping.signal },
      { ...CONFIG, base_url: fake.url, ...config, ...more },
      { pause: async () => {}, ...options },
    );
  return {
    ...another(),
    database,
    fake,
    log,
    another,
    stopping,
    async age(interval) {
      await sql`update bangumi_subjects set fetched_at = fetched_at - ${interval}::interval`;
      await sql`update bangumi_lists set fetched_at = fetched_at - ${interval}::interval`;
      await sql`update bangumi_searches set asked_at = asked_at - ${interval}::interval`;
    },
    async close() {
      stopping.abort();
      await fake.stop();
      await database.drop();
    },
  };
}
