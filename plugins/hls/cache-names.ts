/** The three parts of a place in the cache: `<media id>/<key>/<name>`. Nothing else is read or written there (HARDENING S1). */
import { parseName } from "./names.ts";

export const MEDIA_ID = /^[0-9a-f]{16}$/;
export const KEY = /^[0-9a-f]{16}$/;

/** A file that our readers refused, copied into a container that they take: read by us, never served. */
export const SOURCE = "source.mkv";

/** Whether it is a place in the cache, with something in it or not. */
export const isPlace = (mediaId: string, key: string, name: string): boolean =>
  MEDIA_ID.test(mediaId) && KEY.test(key) && (name === SOURCE || parseName(name) !== null);
