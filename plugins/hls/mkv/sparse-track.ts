/** All of a track that has little: subtitles. */
import { type ContainerIndex, Damaged, type Frame } from "../reader/model.ts";
import { type Clusters, walkClusters } from "./clusters.ts";
import { scan } from "./scan.ts";
import { type Places, placesIn } from "./subtitle-places.ts";

/** A block or two of text. */
const READ = 4 * 2 ** 10;
/** A disk works better when it knows what comes. */
const AT_ONCE = 8;
/** Beyond any track of subtitles that a player could hold. */
const MOST_BYTES = 256 * 2 ** 20;

/** @throws Damaged */
export async function readSparseTrack(clusters: Clusters, index: ContainerIndex, number: number): Promise<Frame[]> {
  const places = placesIn(index, number) ?? (await scan(clusters, null)).subtitles.get(number);
  if (!places) throw new Damaged("there is no such track");
  const groups = byCluster(places);
  const frames: Frame[][] = [];
  let bytes = 0;
  for (let i = 0; i < groups.length; i += AT_ONCE) {
    const read = await Promise.all(groups.slice(i, i + AT_ONCE).map((group) => readGroup(clusters, group, number)));
    frames.push(...read);
    for (const frame of read.flat()) bytes += frame.data.length;
    if (bytes > MOST_BYTES) throw new Damaged("a track of subtitles is larger than any");
  }
  return frames.flat();
}

interface Group {
  cluster: number;
  relatives: number[];
}

function byCluster({ clusters, relatives }: Places): Group[] {
  const groups: Group[] = [];
  for (const [i, cluster] of clusters.entries()) {
    if (groups.at(-1)?.cluster !== cluster) groups.push({ cluster, relatives: [] });
    groups.at(-1)!.relatives.push(relatives[i]!);
  }
  return groups;
}

async function readGroup(clusters: Clusters, { cluster, relatives }: Group, number: number): Promise<Frame[]> {
  const walk = walkClusters(clusters, cluster, () => READ);
  // Whatever comes first: it takes the walk into the cluster, whose time the others need.
  await walk.next();
  const frames: Frame[] = [];
  for (const relative of relatives) {
    walk.jump(relative);
    const block = await walk.next();
    if (block?.cluster !== cluster || block.relative !== relative || block.track !== number)
      throw new Damaged("a subtitle is not where it should be");
    // A copy, or each would keep what was read around it in memory.
    for (const frame of await walk.framesOf(block)) frames.push({ ...frame, data: frame.data.slice() });
  }
  return frames;
}
