/** The features in the binary: the only file that names them. */
import type { AnyPlugin } from "../src/plugin.ts";
import { bangumi } from "./bangumi/index.ts";
import { hls } from "./hls/index.ts";
import { matching } from "./matching/index.ts";
import { qbittorrent } from "./qbittorrent/index.ts";

// biome-ignore format: two lines a plugin, its import and its place
export const plugins: readonly AnyPlugin[] = [
  bangumi,
  hls,
  matching,
  qbittorrent,
];
