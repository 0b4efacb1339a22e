/** When files that are gone are not believed to be gone: pure. */

export interface Disappearance {
  /** How many files were known. */
  known: number;
  /** How many of them are gone. */
  missing: number;
  /** Whether the library folder holds nothing at all. */
  empty: boolean;
  /** Whether some folder could not be read. */
  unreadable: boolean;
}

export type Doubt = "empty" | "unreadable" | "most";

/** So few may always go, whatever part of a small library they are. */
const ALWAYS_BELIEVED = 10;

/**
 * Why nothing is to be removed, if so. An unplugged disk and a share that is not mounted look like a library that was
 * deleted; what hangs on the files (matches, progress) would be lost for good.
 */
export function doubtRemoval({ known, missing, empty, unreadable }: Disappearance): Doubt | undefined {
  if (missing === 0) return undefined;
  if (empty) return "empty";
  if (unreadable) return "unreadable";
  if (missing > ALWAYS_BELIEVED && missing * 2 > known) return "most";
  return undefined;
}
