/** A subtitle track as a file of its own. */
import type { Frame, SourceTrack } from "../reader/model.ts";
import { assScript } from "./ass-script.ts";
import type { SubtitleForm } from "./forms.ts";
import { pgsSup } from "./pgs-sup.ts";
import { webVtt } from "./web-vtt.ts";

/**
 * A long script takes a while, but never the thread for long.
 * @param frames all of the track, as its reader gives them
 * @param form one of `subtitleForms(track.codec)`
 * @throws Damaged when it would be larger than any real subtitles are
 */
export async function writeSubtitles(
  track: SourceTrack,
  frames: readonly Frame[],
  form: SubtitleForm,
): Promise<Uint8Array> {
  switch (form) {
    case "ass":
      return assScript(track, frames);
    case "vtt":
      return webVtt(track, frames);
    case "sup":
      return pgsSup(frames);
  }
}
