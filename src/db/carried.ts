/** The PostgreSQL server inside this binary; `scripts/prepare.ts` packs it. */

import info from "../../build/postgres.json";
import archive from "../../build/postgres.tar.zst" with { type: "file" };

/** What is packed, known without unpacking it. */
export interface CarriedInfo {
  /** Names the exact content: a folder unpacked under this name is the same, byte for byte. `none`: nothing is carried. */
  id: string;
  /** `18.4`, or empty. */
  version: string;
  /** `linux-x64`, as npm names it. */
  target: string;
}

export interface Carried extends CarriedInfo {
  major: number;
  /** Readable by `Bun.file`, also inside the compiled binary. */
  archive: string;
}

/** The server that this binary carries; undefined where none is packaged for the platform (musl, other processors). */
export const carried: Carried | undefined =
  info.id === "none" ? undefined : { ...info, archive, major: Number.parseInt(info.version, 10) };
