/** Every statement on `media_probes`. */
import type { Sql } from "postgres";
import type { Probe } from "./probe.ts";

/** Add one when {@link Probe} changes its meaning. */
const PROBE_VERSION = 1;

/** @returns null when this content has not been probed by this version of the program */
export async function findProbe(sql: Sql, mediaId: string, version: string): Promise<Probe | null> {
  const [row] = await sql<{ probe: Probe }[]>`
    select probe from media_probes
    where media_id = ${mediaId} and version = ${version} and probe_version = ${PROBE_VERSION}
  `;
  return row?.probe ?? null;
}

/** Does nothing when the file left the library meanwhile. */
export async function saveProbe(sql: Sql, mediaId: string, version: string, probe: Probe): Promise<void> {
  await sql`
    insert into media_probes (media_id, version, probe, probe_version)
    select id, ${version}, ${sql.json(probe as never)}, ${PROBE_VERSION} from media_files where id = ${mediaId} for key share
    on conflict (media_id) do update
    set version = excluded.version, probe = excluded.probe, probe_version = excluded.probe_version, probed_at = now()
  `;
}
