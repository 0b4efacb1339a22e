/** An index as it lies in the database: 10,000 of them must not weigh more than the rest of the library. */
import type { Cut, MediaIndex } from "./media-index.ts";

type Lists = Pick<Cut["container"], "keyframes" | "subtitleBlocks">;

export function packIndex(index: MediaIndex): Buffer {
  const { cut } = index;
  const packed = cut && {
    ...cut,
    container: {
      ...cut.container,
      ...mapLists(cut.container, steps),
      // JSON holds no bytes.
      tracks: cut.container.tracks.map((track) => ({
        ...track,
        codecPrivate: Buffer.from(track.codecPrivate).toString("base64"),
      })),
    },
  };
  return Bun.zstdCompressSync(JSON.stringify({ ...index, cut: packed }));
}

export function unpackIndex(bytes: Uint8Array): MediaIndex {
  const index = JSON.parse(Bun.zstdDecompressSync(bytes).toString("utf8")) as MediaIndex;
  const { cut } = index;
  if (cut) {
    Object.assign(cut.container, mapLists(cut.container, sums));
    for (const track of cut.container.tracks) {
      track.codecPrivate = new Uint8Array(Buffer.from(track.codecPrivate as unknown as string, "base64"));
    }
  }
  return index;
}

/** Steps are short, and many are alike. */
const steps = (list: number[]): number[] => list.map((value, i) => value - (list[i - 1] ?? 0));

function sums(list: number[]): number[] {
  let sum = 0;
  return list.map((step) => {
    sum += step;
    return sum;
  });
}

function mapLists({ keyframes, subtitleBlocks }: Lists, change: (list: number[]) => number[]): Lists {
  const places = Object.entries(subtitleBlocks).map(([track, list]) => [track, change(list)]);
  return {
    keyframes: { times: change(keyframes.times), offsets: change(keyframes.offsets) },
    subtitleBlocks: Object.fromEntries(places),
  };
}
