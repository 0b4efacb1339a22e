/** The keyframes that thumbnails are made of, as a small fragmented MP4: only they are read. */

import { mediaSegment } from "../fmp4/fragment.ts";
import { initSegment } from "../fmp4/init.ts";
import { timescaleOf } from "../fmp4/timescale.ts";
import type { VideoFacts } from "../reader/facts.ts";
import type { Container, SourceTrack } from "../reader/model.ts";

/**
 * A slot takes a second. A keyframe that stands for several is sent for the first and the last of them.
 * @param keyframes for each slot its number
 * @throws Damaged when the container is not what its index says
 */
export async function* keyframeStream(
  container: Container,
  track: SourceTrack,
  facts: VideoFacts,
  keyframes: readonly number[],
): AsyncGenerator<Uint8Array> {
  yield initSegment(track, facts, 0);
  const timescale = timescaleOf(facts);
  const last = keyframes.length - 1;
  const slots = [...keyframes.keys()].filter((slot) => keyframes[slot] !== keyframes[slot - 1] || slot === last);
  for (const [i, slot] of slots.entries()) {
    const { data } = await container.keyframe(keyframes[slot]!);
    const duration = ((slots[i + 1] ?? slot + 1) - slot) * timescale;
    yield mediaSegment(i + 1, [{ dts: slot * timescale, duration, offset: 0, key: true, data }]);
  }
}
