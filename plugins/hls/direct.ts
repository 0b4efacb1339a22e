/** A media file as it is, for players that take any container. */
import { basename, extname } from "node:path";
import { namesEtag } from "../../src/lib/etag.ts";
import { Gone, type MediaFile, Unavailable } from "../../src/plugin.ts";
import { type ByteRange, parseRange } from "./byte-range.ts";
import { openSource } from "./byte-source.ts";
import { Damaged } from "./reader/model.ts";

/** By extension, as the library takes them; what is not here is served as bytes without a meaning. */
const TYPES: Record<string, string> = {
  ".mkv": "video/x-matroska",
  ".webm": "video/webm",
  ".mp4": "video/mp4",
  ".m4v": "video/mp4",
  ".mov": "video/quicktime",
  ".avi": "video/x-msvideo",
  ".ts": "video/mp2t",
  ".m2ts": "video/mp2t",
  ".flv": "video/x-flv",
  ".wmv": "video/x-ms-wmv",
  ".ogm": "video/ogg",
  ".rmvb": "application/vnd.rn-realmedia-vbr",
};

/** Seconds after which a player may try a file again that changes or whose disk is in trouble. */
const RETRY_SECS = 5;
/** Bytes that a thread reads before Bun sends from the event loop: a disk that sleeps or hangs must not stop everybody. */
const AHEAD = 256 * 1024;

export type DirectFile = Pick<MediaFile, "file" | "path" | "size" | "version">;

/**
 * Answers GET and HEAD, whole or one range, 304, 416. Sent by Bun's own `sendfile`, so with flat memory and at the
 * player's pace.
 * @throws Gone when there is no regular file any more, Unavailable when it changed just now or cannot be read
 */
export async function directResponse({ headers }: Request, media: DirectFile): Promise<Response> {
  const etag = `"${media.version}"`;
  const common = { ETag: etag, "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache" };
  if (namesEtag(headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers: common });

  const asked = isSame(headers.get("if-range"), etag) ? parseRange(headers.get("range"), media.size) : null;
  if (asked === "unsatisfiable") {
    return new Response(null, { status: 416, headers: { ...common, "Content-Range": `bytes */${media.size}` } });
  }
  await lookAt(media, asked?.first ?? 0);
  const file = Bun.file(media.file);
  return new Response(asked ? file.slice(asked.first, asked.last + 1) : file, {
    status: asked ? 206 : 200,
    headers: {
      ...common,
      ...(asked && { "Content-Range": contentRange(asked, media.size) }),
      "Content-Type": TYPES[extname(media.path).toLowerCase()] ?? "application/octet-stream",
      "Content-Disposition": inline(basename(media.path)),
      // Whatever the file turns out to be, a browser that opens it by itself runs nothing of it.
      "Content-Security-Policy": "sandbox",
    },
  });
}

const contentRange = ({ first, last }: ByteRange, size: number): string => `bytes ${first}-${last}/${size}`;

/** `If-Range` (RFC 9110, section 13.1.5): only a strong tag counts, and we give no dates. */
const isSame = (ifRange: string | null, etag: string): boolean => ifRange === null || ifRange.trim() === etag;

/** Bun opens it by its path, later: it must be there, be what the library found, and be readable where it is asked for. */
async function lookAt({ file, size }: DirectFile, offset: number): Promise<void> {
  try {
    const source = await openSource(file);
    try {
      if (source.size !== size) throw new Unavailable("the file is changing: ask again", { retryAfter: RETRY_SECS });
      await source.read(offset, AHEAD);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    if (error instanceof Damaged || isGone(error)) throw new Gone(MISSING, { cause: error });
    throw new Unavailable(UNREADABLE, { cause: error, retryAfter: RETRY_SECS });
  }
}

const MISSING = "the file is not in the media folder any more: check that its disk is mounted, or index again";
const UNREADABLE = "the file cannot be read: check its disk and its permissions";

const isGone = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR", "ELOOP", "ESTALE"].includes((error as NodeJS.ErrnoException).code ?? "");

/** The name in the two forms of RFC 6266: plain ASCII for old players, UTF-8 for the others. */
export function inline(name: string): string {
  const plain = name.replace(/[^ -~]|["\\%]/g, "_");
  const exact = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `inline; filename="${plain}"; filename*=UTF-8''${exact}`;
}
