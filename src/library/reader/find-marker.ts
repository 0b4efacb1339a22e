/** Where a name has the number of its episode: the strongest sign first. */

import type { Marker } from "./marker.ts";
import {
  findBareMarker,
  findDashMarker,
  findOpeningMarker,
  findPaddedMarker,
  findTrailingMarker,
} from "./number-marker.ts";
import type { Piece } from "./pieces.ts";
import { findHashMarker, findSpecialMarker, findWordMarker } from "./word-marker.ts";

export interface Found {
  /** Index of the piece that it stands in. */
  piece: number;
  marker: Marker;
}

/** @param isFolder the number that ends the name of a folder is not that of an episode */
export function findMarker(pieces: readonly Piece[], isFolder: boolean): Found | null {
  const inText = (find: (text: string) => Marker | null): Found | null => {
    for (const [piece, { text, box }] of pieces.entries()) {
      const marker = box ? null : find(text);
      if (marker) return { piece, marker };
    }
    return null;
  };
  if (isFolder) return inText(findWordMarker) ?? findBoxMarker(pieces);
  return (
    inText(findWordMarker) ??
    inText(findDashMarker) ??
    findBoxMarker(pieces) ??
    inText(findHashMarker) ??
    inText(findSpecialMarker) ??
    inText(findOpeningMarker) ??
    inText(findTrailingMarker) ??
    inText(findPaddedMarker) ??
    inText(findBareMarker)
  );
}

/** The first bracket that is a number; one that says OVA or SP without a number only where there is none. */
function findBoxMarker(pieces: readonly Piece[]): Found | null {
  let kindOnly: Found | null = null;
  for (const [piece, { box }] of pieces.entries()) {
    if (!box?.marker) continue;
    if (box.marker.episode !== null) return { piece, marker: box.marker };
    kindOnly ??= { piece, marker: box.marker };
  }
  return kindOnly;
}
