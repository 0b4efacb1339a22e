/** A text track as WebVTT, for players that have nothing better. */
import type { Frame, SourceTrack } from "../reader/model.ts";
import { settingsFor } from "./alignment.ts";
import { parseAssEvent } from "./ass-event.ts";
import { type AssStyle, DEFAULT_STYLE, parseAssStyles } from "./ass-styles.ts";
import { readAssText } from "./ass-text.ts";
import { joinText } from "./bounded.ts";
import { vttTime } from "./clock.ts";
import { type Cue, type CueText, cuesOf } from "./cue.ts";
import { type Run, renderRuns } from "./runs.ts";
import { spansOf } from "./spans.ts";
import { readSrtText } from "./srt-text.ts";
import { readTx3g } from "./tx3g-text.ts";
import { readVttText } from "./vtt-text.ts";

/** Cues have the times of the container's clock, and so have our segments (RFC 8216, 3.5). */
export const VTT_HEAD = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";

type Source = Pick<SourceTrack, "codec" | "codecPrivate">;

/**
 * @param track of a codec that is text: `subtitleForms` has `vtt` for it
 * @throws Damaged when it would be larger than any real subtitles are
 */
export async function webVtt(track: Source, frames: readonly Frame[]): Promise<Uint8Array> {
  const read = readerFor(track);
  const cues = await cuesOf(spansOf(frames), read);
  return joinText(file(cues), "utf8");
}

function* file(cues: readonly Cue[]): Generator<string> {
  yield VTT_HEAD;
  for (const { start, end, text, settings } of cues) {
    yield `\n${vttTime(start)} --> ${vttTime(end)}${settings && ` ${settings}`}\n${text}\n`;
  }
}

function readerFor({ codec, codecPrivate }: Source): (frame: Uint8Array) => CueText {
  switch (codec) {
    case "ass":
    case "ssa":
      return assReader(parseAssStyles(utf8(codecPrivate)));
    case "webvtt":
      return (frame) => readVttText(utf8(frame));
    case "mov_text":
      return (frame) => placed({ runs: readTx3g(frame), alignment: DEFAULT_STYLE.alignment });
    default:
      return (frame) => placed(readSrtText(utf8(frame)));
  }
}

function assReader(styles: ReadonlyMap<string, AssStyle>): (frame: Uint8Array) => CueText {
  const named = (name: string) => styles.get(name) ?? styles.get("Default") ?? DEFAULT_STYLE;
  return (frame) => {
    const event = parseAssEvent(utf8(frame));
    return event && placed(readAssText(event.text, named((event.fields.style ?? "").replace(/^\*/, "")), named));
  };
}

function placed({ runs, alignment }: { runs: readonly Run[]; alignment: number }): CueText {
  const text = renderRuns(runs);
  return text === "" ? null : { text, settings: settingsFor(alignment) };
}

/** What is no UTF-8 becomes U+FFFD: one bad line must not take the others away. */
const utf8 = (bytes: Uint8Array): string => DECODER.decode(bytes);

const DECODER = new TextDecoder();
