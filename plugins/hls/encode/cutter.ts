/** What makes segments of an encoder's output. */

/** The initialization segment, or a media segment by its number. */
export type MadeName = "init" | number;

export interface Made {
  name: MadeName;
  bytes: Uint8Array;
}

export interface Cutter {
  /** What the bytes complete. @throws Damaged */
  push(chunk: Uint8Array): Made[];
  /** What is left when the encoder has come to its end. @throws Damaged */
  end(): Made[];
}
