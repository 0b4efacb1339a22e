/** The name of an item for life: given by the path at which it was first seen, kept by the database from then on. */

/** What an id looks like; anything else is unknown without asking the database. */
export const MEDIA_ID = /^[0-9a-f]{16}$/;

/**
 * The id of a file first seen at `path`, relative to the library. A hash, so that `anicargo scan` tells the ids that an
 * index will give without a database.
 *
 * @param attempt 0, or more when the id is taken by a file that was first seen here and moved away since
 */
export function mediaId(path: string | Uint8Array, attempt = 0): string {
  return Bun.hash.xxHash64(path, BigInt(attempt)).toString(16).padStart(16, "0");
}
