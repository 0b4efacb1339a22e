/** Encoded sound as segments: what ffmpeg writes has no times, frames are counted. */
import { mediaSegment } from "../fmp4/fragment.ts";
import { initSegment } from "../fmp4/init.ts";
import type { AudioTrack } from "../track.ts";
import { aacConfig, createAdtsReader } from "./adts.ts";
import type { Cutter, Made } from "./cutter.ts";
import { CHANNELS, encodedFrom, FRAME_SAMPLES, firstFrame, rateOf } from "./sound-args.ts";
import type { Range, Work } from "./work.ts";

export const SOUND_CODEC = "mp4a.40.2";

/** The initialization segment of encoded sound, known without encoding any. */
export function soundInit(track: AudioTrack): Uint8Array {
  const sampleRate = rateOf(track);
  const shape = { sampleRate, channels: CHANNELS };
  return initSegment(
    {
      ...shape,
      ...{ number: 1, index: 0, type: "audio", codec: "aac", codecPrivate: aacConfig(sampleRate, CHANNELS) },
      ...{ language: null, title: null, default: true, forced: false },
      ...{ width: 0, height: 0, bitDepth: 16, frameDuration: null, start: null },
    },
    { type: "audio", codecString: SOUND_CODEC, profile: "LC", frameSamples: FRAME_SAMPLES, ...shape },
    0,
  );
}

/** @param work of an audio track, encoded with `soundArgs` */
export function createSoundCutter({ spans, track }: Work, { first, end }: Range): Cutter {
  const rate = rateOf(track as AudioTrack);
  const read = createAdtsReader();
  // Before the sound comes what the encoder puts there.
  let next = encodedFrom(spans, first, rate) - 1;
  let current = first;
  let frames: Uint8Array[] = [];
  let last: Uint8Array | undefined;

  function close(): Made {
    // A segment shorter than a frame may have none that begins in it: it says again what sounds there.
    const again = frames.length === 0 && last ? [last] : [];
    const begin = firstFrame(spans, current, rate) - again.length;
    const samples = [...again, ...frames].map((data, i) => ({
      ...{ dts: (begin + i) * FRAME_SAMPLES, duration: FRAME_SAMPLES, offset: 0, key: true, data },
    }));
    frames = [];
    return { name: current, bytes: mediaSegment(++current, samples) };
  }
  return {
    push(chunk) {
      const made: Made[] = [];
      for (const frame of read(chunk)) {
        if (next++ >= firstFrame(spans, current, rate) && current < end) frames.push(frame);
        while (current < end && next >= firstFrame(spans, current + 1, rate)) made.push(close());
        last = frame;
      }
      return made;
    },
    // Every segment was closed by its last frame.
    end: () => [],
  };
}
