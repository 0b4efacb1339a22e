/** Probes, each file once for as long as it does not change. */
import type { Sql } from "postgres";
import { within } from "../../src/lib/within.ts";
import type { MediaFile } from "../../src/plugin.ts";
import { probeFile } from "./ffprobe.ts";
import type { Probe } from "./probe.ts";
import { findProbe, saveProbe } from "./store.ts";
import { findTools } from "./tools.ts";

export interface Prober {
  /** @throws Unreadable, Unavailable when ffprobe is missing */
  probe(media: MediaFile): Promise<Probe>;
  /** What is known, or can be found out at once; null otherwise. */
  glance(media: MediaFile): Promise<Probe | null>;
}

/** Pages that list many files must not start a crowd of processes. */
const MAX_GLANCES = 2;
/** A good file answers in a tenth of this. */
const GLANCE_MS = 1_000;

export function createProber(sql: Sql, config: { ffmpeg_path: string }): Prober {
  const running = new Map<string, Promise<Probe>>();
  const probeNow = async ({ id, version, file }: MediaFile) => {
    const probe = await probeFile(findTools(config.ffmpeg_path), file);
    await saveProbe(sql, id, version, probe);
    return probe;
  };
  /** Two who ask at once wait for one ffprobe. */
  const probeOnce = (media: MediaFile) => {
    const key = `${media.id} ${media.version}`;
    const asked = running.get(key) ?? probeNow(media).finally(() => running.delete(key));
    running.set(key, asked);
    return asked;
  };
  return {
    probe: async (media) => (await findProbe(sql, media.id, media.version)) ?? probeOnce(media),
    async glance(media) {
      const known = await findProbe(sql, media.id, media.version);
      if (known || running.size >= MAX_GLANCES) return known;
      const asked = probeOnce(media).catch(() => null);
      return (await within(asked, GLANCE_MS)) ? asked : null;
    },
  };
}
