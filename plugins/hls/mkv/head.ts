/** What stands before and behind the clusters of a file. */
import { type ByteSource, Damaged } from "../reader/model.ts";
import { type Clusters, clustersOf } from "./clusters.ts";
import { ID } from "./ids.ts";
import { type Info, readInfo } from "./info.ts";
import { bodyOf, type Layout, layoutOf } from "./layout.ts";
import { readTracks, type TrackEntry } from "./tracks.ts";
import { createWindow, type Window } from "./window.ts";

export interface Head {
  window: Window;
  layout: Layout;
  info: Info;
  /** In the order of the file. */
  entries: TrackEntry[];
  clusters: Clusters;
}

const FIRST_READ = 64 * 2 ** 10;
const READ = 16 * 2 ** 10;
/** The head of the file, and what the places that it tells hold. */
const PLACES = 6;

/** @throws Damaged when it is not Matroska, or holds nothing to be played */
export async function readHead(source: ByteSource): Promise<Head> {
  const window = createWindow(source, (at) => (at === 0 ? FIRST_READ : READ), PLACES);
  const layout = await layoutOf(window, source);
  const info = readInfo(await bodyOf(window, layout, ID.info));
  const entries = readTracks(await bodyOf(window, layout, ID.tracks));
  if (entries.length === 0) throw new Damaged("it has no tracks");
  return { window, layout, info, entries, clusters: clustersOf(source, layout, info, entries) };
}
