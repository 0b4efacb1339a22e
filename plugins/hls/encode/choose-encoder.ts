/** Which encoder of H.264 works on this machine: tried once, by encoding a few pictures. */
import type { Logger } from "../../../src/plugin.ts";
import type { HlsConfig } from "../config.ts";
import { createFrameParser } from "../mkv/frame-parser.ts";
import {
  ENCODERS,
  type Encoder,
  type EncoderName,
  keyframeArgs,
  PICTURE_OUTPUT,
  type PictureSettings,
} from "./encoders.ts";
import { startEncoding } from "./process.ts";

const ALL: readonly EncoderName[] = ["nvenc", "qsv", "vaapi", "v4l2m2m"];
/** A driver may hang. */
const TRIAL_MS = 10_000;
/** Second of the trial at which it has to set a keyframe. */
const BORDER_SECS = 1;

export interface EncoderChoice {
  /** The same one until it fails. */
  current(program: string): Promise<Encoder>;
  /** It made nothing: from now on the software's. */
  failed(encoder: Encoder): void;
}

export function createEncoderChoice(
  settings: PictureSettings & Pick<HlsConfig, "hardware_encoder">,
  log: Pick<Logger, "info" | "warn">,
): EncoderChoice {
  const { hardware_encoder: wanted } = settings;
  let chosen: Promise<Encoder> | undefined;

  async function choose(program: string): Promise<Encoder> {
    for (const name of wanted === "none" ? [] : wanted === "auto" ? ALL : [wanted]) {
      const encoder = ENCODERS[name];
      const problem = await tryEncoder(program, encoder, settings);
      if (problem === null) {
        log.info(`pictures are encoded by ${name}`);
        return encoder;
      }
      const tell = wanted === "auto" ? log.info : log.warn;
      tell(`${name} does not encode here`, { why: problem });
    }
    return ENCODERS.software;
  }
  return {
    current(program) {
      chosen ??= choose(program);
      return chosen;
    },
    failed(encoder) {
      log.warn(`${encoder.name} failed: from now on libx264 encodes`);
      chosen = Promise.resolve(ENCODERS.software);
    },
  };
}

/** @returns why it is not to be used; null when it is */
export async function tryEncoder(program: string, encoder: Encoder, settings: PictureSettings): Promise<string | null> {
  const encoding = startEncoding(program, [
    ...["-nostdin", "-hide_banner", "-v", "error", ...encoder.device],
    ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=10:duration=2", "-filter:v", encoder.upload],
    ...[...encoder.args(settings), ...keyframeArgs(["0", `${BORDER_SECS}`]), ...PICTURE_OUTPUT],
  ]);
  const timer = setTimeout(encoding.kill, TRIAL_MS);
  try {
    const parser = createFrameParser();
    let header = false;
    const keyframes: number[] = [];
    for await (const chunk of encoding.output) {
      for (const event of parser.push(chunk)) {
        if ("tracks" in event) header = event.tracks.some(({ codecPrivate }) => codecPrivate.length > 0);
        else if (event.frame.key) keyframes.push(event.frame.time / 1e9);
      }
    }
    const { ok, how, said } = await encoding.ended;
    if (!ok) return `${how}: ${said.at(-1) ?? "it said nothing"}`;
    if (!header) return "it does not say its parameter sets";
    return keyframes.some((secs) => Math.abs(secs - BORDER_SECS) < 0.01)
      ? null
      : "it sets no keyframe where it is told";
  } catch (error) {
    return `${error}`;
  } finally {
    clearTimeout(timer);
    encoding.kill();
  }
}
