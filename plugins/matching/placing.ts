/** What the steps from the best title to one subject and episode share. */
import type { Reading } from "../../src/plugin.ts";
import type { Episode } from "../bangumi/model.ts";
import type { Chains } from "./chain.ts";
import type { Catalog } from "./model.ts";
import type { Work } from "./names.ts";
import type { Ranked } from "./rank.ts";
import type { Title } from "./titles.ts";

/** Everything that is known of a file; nothing in it changes. */
export interface Case {
  reading: Reading;
  titles: readonly Title[];
  /** The season that the name says; null or 1: none, or the first. */
  season: number | null;
  /** The lowest number of an episode among its neighbours; undefined: none has one. */
  lowest?: number | undefined;
  ranked: readonly Ranked[];
  top: Ranked;
  chains: Chains;
  catalog: Catalog;
}

/** Where the file stands by now. Each step may move it, and says so. */
export interface Placed {
  work: Work;
  episode: Episode | null;
  confidence: number;
  /** What speaks for it, beside the title. */
  notes: string[];
  /** What speaks against it: one is enough to leave the choice to a person. */
  against: string[];
}

export const isLater = (season: number | null): season is number => season !== null && season > 1;

/** Whether it is one numbered episode, of a series or an OVA. */
export const isEpisode = ({ episode, kind }: Reading): boolean =>
  episode !== null && (kind === "episode" || kind === "ova");
