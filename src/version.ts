import { version as number } from "../package.json";

declare const ANICARGO_COMMIT: string;

/** The version, as in package.json. */
export const version: string = number;

/** The commit this was built from; `source` when it runs from a checkout. */
export const commit: string = typeof ANICARGO_COMMIT === "string" ? ANICARGO_COMMIT : "source";

/** `anicargo 0.1.0 (1a2b3c4) Bun 1.4.5 linux-x64` */
export const versionLine = (): string =>
  `anicargo ${version} (${commit}) Bun ${Bun.version} ${process.platform}-${process.arch}`;
