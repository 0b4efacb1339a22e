/** The index of a file: what it tells of itself, and what a walk over it finds where it tells too little. */
import { type ContainerIndex, Damaged } from "../reader/model.ts";
import { readAttachments } from "./attachments.ts";
import type { Block } from "./block.ts";
import { readChapters } from "./chapters.ts";
import { readCues } from "./cues.ts";
import { firstBlocks } from "./first-blocks.ts";
import { timeOf } from "./frames.ts";
import type { Head } from "./head.ts";
import { ID } from "./ids.ts";
import { type Keyframes, keyframesOfCues } from "./keyframes.ts";
import { bodyOf, searchBehindClusters } from "./layout.ts";
import { LARGEST_PART } from "./part.ts";
import { scan } from "./scan.ts";
import { flatten, placesOfCues } from "./subtitle-places.ts";
import type { TrackEntry } from "./tracks.ts";

/** Codecs of pictures that stand still: covers, which some programs store as tracks. */
const STILL = new Set(["mjpeg", "png", "bmp"]);

/** @throws Damaged */
export async function indexOf(head: Head): Promise<ContainerIndex> {
  const { window, layout, clusters, entries } = head;
  await searchBehindClusters(window, layout);
  const first = await firstBlocks(clusters);
  setStarts(entries, first.blocks, clusters.scale);
  const video = videoOf(entries);
  const attachments = layout.bodies.get(ID.attachments);
  const index: ContainerIndex = {
    format: "matroska",
    duration: 0,
    tracks: entries.map(({ track }) => track),
    video,
    keyframes: { times: [], offsets: [] },
    subtitleBlocks: {},
    attachments: attachments ? await orNone(async () => readAttachments(window, attachments)) : [],
    chapters: await orNone(async () => readChapters(await bodyOf(window, layout, ID.chapters))),
    obstacle: entries.find(({ obstacle }) => obstacle)?.obstacle ?? null,
  };
  await addPlaces(index, head, first.blocks);
  if (!first.interleaved) index.obstacle ??= "its tracks lie too far from each other";
  if (video === null) index.obstacle ??= "it has no video";
  else if (index.keyframes.times.length === 0) index.obstacle ??= "its video has no keyframes";
  else if (largestGap(index, clusters.limit) > LARGEST_PART)
    index.obstacle ??= "its keyframes lie too far from each other";
  return index;
}

/** Fills in keyframes, places of subtitles and the duration. */
async function addPlaces(
  index: ContainerIndex,
  { window, layout, clusters, info }: Head,
  first: ReadonlyMap<number, Block>,
): Promise<void> {
  const { video } = index;
  const cues = await orNone(async () => readCues(await bodyOf(window, layout, ID.cues)));
  const keyframes =
    video === null
      ? none
      : await keyframesOfCues(clusters, cues, video, layout.begin, first.get(video), info.duration ?? 0);
  if (!keyframes) {
    const found = await scan(clusters, video);
    Object.assign(index, {
      keyframes: found.keyframes,
      subtitleBlocks: flatten(found.subtitles),
      duration: found.duration,
    });
    if (found.lost) index.obstacle ??= "a part of it is damaged";
    return;
  }
  index.keyframes = keyframes;
  index.subtitleBlocks = flatten(placesOfCues(clusters, cues, layout.begin, info.writingApp));
  index.duration = layout.cut ? 0 : (info.duration ?? 0);
  // What it says is of the whole, which is not there, or nothing.
  if (index.duration === 0) index.duration = (await scan(clusters, null, keyframes.offsets.at(-1))).duration;
}

const largestGap = ({ keyframes: { offsets } }: ContainerIndex, limit: number): number =>
  offsets.reduce((largest, offset, i) => Math.max(largest, (offsets[i + 1] ?? limit) - offset), 0);

const none: Keyframes = { times: [], offsets: [] };

function setStarts(entries: readonly TrackEntry[], first: ReadonlyMap<number, Block>, scale: number): void {
  for (const entry of entries) {
    const block = first.get(entry.track.number);
    if (block) entry.track.start = timeOf(block.ticks, entry, scale);
  }
}

function videoOf(entries: readonly TrackEntry[]): number | null {
  const videos = entries.map(({ track }) => track).filter(({ type }) => type === "video");
  return (videos.find(({ codec }) => !STILL.has(codec)) ?? videos[0])?.number ?? null;
}

/** What only decorates must not keep a file from playing. */
async function orNone<T>(read: () => Promise<T[]>): Promise<T[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Damaged) return [];
    throw error;
  }
}
