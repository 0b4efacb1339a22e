/** The head of an MP4 file: what tracks there are, and where each frame of them is. */
import { type ByteSource, Damaged } from "../reader/model.ts";
import { type Box, boxesIn, find, LONGEST_HEADER, readHeader, viewOf } from "./box.ts";
import { createFragments, type Fragments } from "./fragments.ts";
import { readSampleTable } from "./sample-table.ts";
import { joinSamples, MOST_SAMPLES, type Samples } from "./samples.ts";
import { countCovers, readTrack, type Track } from "./track.ts";

export interface Movie {
  /** Ticks a second, of what edit lists say. */
  timescale: number;
  tracks: Track[];
  /** Tags and Nero's chapters. */
  tags: Uint8Array;
  /** Whether frames are told of piece by piece, so that nobody knew how long it would get. */
  fragmented: boolean;
  /** @throws Damaged */
  samplesOf(track: Track): Samples;
}

/** Bytes. The head of a day of film has 40 million. */
const LARGEST_HEAD = 64 << 20;
const MOST_TRACKS = 1000;
/** Boxes at the top level; a day in fragments of a second has as many. */
const MOST_BOXES = 200_000;

/** @throws Damaged when it is not an MP4 file, or not a whole one */
export async function readMovie(source: ByteSource): Promise<Movie> {
  let moov: Uint8Array | undefined;
  let fragments: Fragments | undefined;
  for await (const { type, offset, read } of topLevel(source)) {
    if (type === "moov" && !moov) {
      moov = await read();
      const mvex = find(moov, "mvex");
      // Without fragments, all is said here: what follows need not be read.
      if (!mvex) break;
      fragments = damagedAtEnds(() => createFragments(mvex));
    } else if (type === "moof" && fragments) {
      const moof = await read();
      damagedAtEnds(() => fragments?.add(moof, offset));
    }
  }
  if (!moov) throw new Damaged("the file has no moov box: it is cut short, or no MP4");
  const head = moov;
  return damagedAtEnds(() => readHead(head, fragments));
}

/** A table that ends early makes DataView throw. */
function damagedAtEnds<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new Damaged("a box of the file's head is too short") : error;
  }
}

interface Place {
  type: string;
  offset: number;
  /** The box's content. */
  read(): Promise<Uint8Array>;
}

/** The boxes of the file up to the first that makes no sense, since some files end with other things. */
async function* topLevel(source: ByteSource): AsyncGenerator<Place> {
  let boxes = 0;
  for (let offset = 0; offset < source.size; ) {
    if (++boxes > MOST_BOXES) throw new Damaged("the file has more boxes than can be");
    const box = readHeader(await source.read(offset, LONGEST_HEADER), source.size - offset);
    if (!box) return;
    const { type, header, size } = box;
    const start = offset;
    const read = async () => {
      if (size > LARGEST_HEAD) throw new Damaged(`the ${type} box is larger than can be`);
      const content = await source.read(start + header, size - header);
      if (content.length < size - header) throw new Damaged(`the ${type} box is cut short`);
      return content;
    };
    yield { type, offset, read };
    offset += size;
  }
}

function readHead(moov: Uint8Array, fragments: Fragments | undefined): Movie {
  if (find(moov, "cmov")) throw new Damaged("the file's head is compressed");
  const mvhd = find(moov, "mvhd");
  if (!mvhd) throw new Damaged("the file has no mvhd box");
  const tracks = readTracks(boxesIn(moov));
  if (new Set(tracks.map(({ id }) => id)).size < tracks.length) throw new Damaged("two tracks have the same number");
  const known = new Map<Track, Samples>();
  let count = 0;
  return {
    timescale: viewOf(mvhd).getUint32(mvhd[0] === 1 ? 20 : 12),
    tracks,
    tags: find(moov, "udta") ?? new Uint8Array(),
    fragmented: fragments !== undefined,
    samplesOf(track) {
      const samples = known.get(track) ?? damagedAtEnds(() => readSamples(track, fragments));
      if (!known.has(track)) count += samples.keys.length;
      if (count > MOST_SAMPLES) throw new Damaged("the file has more frames than can be");
      known.set(track, samples);
      return samples;
    },
  };
}

/** A film in fragments may have a begin that is not. */
function readSamples({ id, stbl }: Track, fragments: Fragments | undefined): Samples {
  const parts = fragments?.samples.get(id) ?? [];
  const head = fragments && !find(stbl, "stco") && !find(stbl, "co64") ? [] : [readSampleTable(stbl)];
  return joinSamples([...head, ...parts]);
}

function readTracks(boxes: Iterable<Box>): Track[] {
  const tracks: Track[] = [];
  let index = 0;
  for (const { type, content } of boxes) {
    if (type === "trak") {
      const track = readTrack(content, index++);
      if (index > MOST_TRACKS) throw new Damaged("the file has more tracks than can be");
      if (track) tracks.push(track);
    } else if (type === "udta") index += countCovers(content);
  }
  return tracks;
}
