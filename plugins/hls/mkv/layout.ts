/** Where the parts of a file lie: its one big segment, and in it what describes the clusters. */
import { type ByteSource, Damaged } from "../reader/model.ts";
import { type ElementHead, elementHead, elementsOf, LONGEST_HEAD, readText, readUint } from "./ebml.ts";
import { ID } from "./ids.ts";
import { bytesAt, type Window } from "./window.ts";

export interface Layout {
  /** Where the segment's own places are counted from. */
  begin: number;
  /** Where the segment ends, or the file when it was cut off. */
  limit: number;
  /** Whether the segment should be longer than it is. */
  cut: boolean;
  /** Null when there is none. */
  firstCluster: number | null;
  /** By number, where the bodies of the first Info, Tracks, Cues, Chapters, Attachments lie. */
  bodies: Map<number, Span>;
}

export interface Span {
  start: number;
  end: number;
}

/** Beyond any that describes a file; attachments are not read whole. */
const LARGEST_BODY = 16 * 2 ** 20;
const LONGEST_EBML = 4096;
/** A file of a day has 20,000 clusters. */
const MOST_STEPS = 200_000;
const MOST_SEEK_HEADS = 8;
const MOST_SEEKS = 64;
const WANTED: ReadonlySet<number> = new Set([ID.info, ID.tracks, ID.cues, ID.chapters, ID.attachments]);

/** @throws Damaged when it is no Matroska */
export async function layoutOf(window: Window, source: ByteSource): Promise<Layout> {
  const layout = await openSegment(window, source);
  const next = await walkTo(window, layout, layout.begin, ID.cluster);
  if (next.head?.id === ID.cluster) layout.firstCluster = next.at;
  return layout;
}

/**
 * Looks behind the clusters, from one to the next, for what nothing in the head of the file told the place of: a second or two of reading
 * for the largest files, once.
 */
export async function searchBehindClusters(window: Window, layout: Layout): Promise<void> {
  if (layout.firstCluster !== null && !layout.bodies.has(ID.cues))
    await walkTo(window, layout, layout.firstCluster, ID.cues);
}

/** The whole body; empty when there is none. */
export async function bodyOf(window: Window, layout: Layout, id: number): Promise<Uint8Array> {
  const span = layout.bodies.get(id);
  if (!span) return new Uint8Array();
  if (span.end - span.start > LARGEST_BODY) throw new Damaged("what describes the file is longer than any description");
  const body = await bytesAt(window, span.start, span.end - span.start);
  if (body.length < span.end - span.start) throw new Damaged("the file ends in what describes it");
  return body;
}

async function openSegment(window: Window, source: ByteSource): Promise<Layout> {
  const ebml = await headAt(window, 0);
  if (ebml?.id !== ID.ebml || ebml.size > LONGEST_EBML) throw new Damaged("it is not Matroska");
  requireReadable(await bytesAt(window, ebml.length, ebml.size));
  const at = ebml.length + ebml.size;
  const segment = await headAt(window, at);
  if (segment?.id !== ID.segment) throw new Damaged("it is Matroska without a segment");
  const begin = at + segment.length;
  const end = begin + segment.size;
  const limit = Math.min(end, source.size);
  return { begin, limit, cut: Number.isFinite(end) && end > source.size, firstCluster: null, bodies: new Map() };
}

function requireReadable(ebml: Uint8Array): void {
  let type = "matroska";
  for (const { id, body } of elementsOf(ebml)) {
    if (id === ID.docType) type = readText(body);
    if (id === ID.ebmlMaxIdLength && readUint(body) > 4)
      throw new Damaged("its elements have longer numbers than Matroska's");
    if (id === ID.ebmlMaxSizeLength && readUint(body) > 8)
      throw new Damaged("its elements have longer sizes than Matroska's");
  }
  if (type !== "matroska" && type !== "webm") throw new Damaged("it is a kind of EBML other than Matroska");
}

/** Notes what lies beside the clusters, up to the first element of a kind, or the end. */
async function walkTo(
  window: Window,
  layout: Layout,
  from: number,
  until: number,
): Promise<{ at: number; head: ElementHead | null }> {
  const seekHeads = { left: MOST_SEEK_HEADS };
  let at = from;
  for (let steps = 0; at < layout.limit && steps < MOST_STEPS; steps++) {
    const head = await headAt(window, at).catch(endIfDamaged);
    if (!head) return { at, head: null };
    await note(window, layout, head, at, seekHeads);
    if (head.id === until) return { at, head };
    // Behind a cluster without an end nothing can be found but by reading it.
    at += head.length + head.size;
  }
  return { at, head: null };
}

/** What follows the last element may be anything. */
function endIfDamaged(error: unknown): null {
  if (error instanceof Damaged) return null;
  throw error;
}

async function note(
  window: Window,
  layout: Layout,
  head: ElementHead,
  at: number,
  seekHeads: { left: number },
): Promise<void> {
  const span = { start: at + head.length, end: Math.min(at + head.length + head.size, layout.limit) };
  if (WANTED.has(head.id) && !layout.bodies.has(head.id)) layout.bodies.set(head.id, span);
  if (head.id !== ID.seekHead || seekHeads.left-- <= 0) return;
  for (const place of await seeksOf(window, span, layout)) {
    const found = await headAt(window, place.at).catch(endIfDamaged);
    // A place that holds something else is a lie, and the walk finds what is there.
    if (found?.id === place.id) await note(window, layout, found, place.at, seekHeads);
  }
}

async function seeksOf(window: Window, { start, end }: Span, layout: Layout): Promise<{ id: number; at: number }[]> {
  if (end - start > LARGEST_BODY) return [];
  const seeks: { id: number; at: number }[] = [];
  for (const element of elementsOf(await bytesAt(window, start, end - start))) {
    if (element.id !== ID.seek) continue;
    let id = 0;
    let position = 0;
    for (const { id: field, body } of elementsOf(element.body)) {
      if (field === ID.seekId) id = readUint(body);
      else if (field === ID.seekPosition) position = readUint(body);
    }
    const at = layout.begin + position;
    if ((WANTED.has(id) || id === ID.seekHead) && at < layout.limit) seeks.push({ id, at });
    if (seeks.length === MOST_SEEKS) break;
  }
  return seeks;
}

const headAt = async (window: Window, at: number): Promise<ElementHead | null> =>
  elementHead(await bytesAt(window, at, LONGEST_HEAD), 0);
