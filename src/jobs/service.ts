/** The queue as features see it. */
import type { Sql } from "postgres";
import { Value } from "typebox/value";
import { canonicalJson } from "../lib/canonical-json.ts";
import type { AnyJob, JobQueue, Json } from "./job.ts";
import { cancelJob, findJob, insertJob, listJobs } from "./store.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_KEY_LENGTH = 200;
const DEFAULT_LIMIT = 50;

/**
 * @param definitions every kind with its handler; may still be filled after this call, as features are set up
 * @param defaults `job_max_attempts` is for kinds and calls that do not say
 */
export function createJobQueue(
  sql: Sql,
  definitions: ReadonlyMap<string, AnyJob>,
  defaults: { job_max_attempts: number },
): JobQueue {
  return {
    async enqueue(kind, payload, options = {}) {
      const definition = definitions.get(kind);
      if (!definition) throw new TypeError(`no feature handles the job kind "${kind}"`);
      checkPayload(definition, payload);
      return insertJob(sql, {
        id: Bun.randomUUIDv7(),
        kind,
        payload: payload as Json,
        dedupKey: shortKey(options.dedupKey ?? canonicalJson(payload)),
        priority: options.priority ?? 0,
        delaySecs: options.delaySecs ?? 0,
        maxAttempts: options.maxAttempts ?? definition.maxAttempts ?? defaults.job_max_attempts,
      });
    },
    get: async (id) => (UUID.test(id) ? findJob(sql, id) : null),
    list: (filter = {}) =>
      listJobs(sql, {
        status: filter.status,
        kind: filter.jobType,
        limit: filter.limit ?? DEFAULT_LIMIT,
        offset: filter.offset ?? 0,
      }),
    async cancel(id) {
      if (!UUID.test(id)) return "unknown";
      if (await cancelJob(sql, id)) return "cancelled";
      return (await findJob(sql, id)) ? "ended" : "unknown";
    },
  };
}

function checkPayload(definition: AnyJob, payload: unknown): void {
  if (Value.Check(definition.payload, payload)) return;
  const problem = Value.Errors(definition.payload, payload)[0];
  throw new TypeError(`payload of a ${definition.kind} job: ${problem?.instancePath || "it"} ${problem?.message}`);
}

/** An index entry has a limit of 2.7 kB, which a long payload would exceed. */
const shortKey = (key: string): string =>
  key.length <= MAX_KEY_LENGTH ? key : `sha256:${new Bun.CryptoHasher("sha256").update(key).digest("hex")}`;
