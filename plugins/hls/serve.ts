/** Answers for the files that playlists name. */
import { Gone, type MediaFile, NotFound, Unavailable } from "../../src/plugin.ts";
import { capabilitiesOf, capabilityNames } from "./capabilities.ts";
import { MASTER, parseName, type Wanted } from "./names.ts";
import { withQuery } from "./playlist.ts";
import type { Hls, Show } from "./service.ts";
import { trackMode } from "./stream.ts";

export interface Request {
  mediaId: string;
  /** The name, as it stands in the address. */
  file: string;
  /** Every address in a list carries it, so that what was made of a replaced file is never mixed with the new one. */
  key: string | undefined;
  codecs: string | undefined;
  userAgent: string | null;
  /** Given as a query, which addresses in a list do not inherit. */
  token: string | undefined;
}

/** Seconds; a copy of an episode takes about that long. */
const RETRY_SECS = 5;
/** What a key names never changes; a player that seeks back need not ask again. */
const LASTING = "private, max-age=3600";
const FRESH = "private, no-store";
const CHANGED = "the file or the settings changed: open the playlist again";

const TYPES = {
  m3u8: "application/vnd.apple.mpegurl",
  mp4: "video/mp4",
  m4s: "video/iso.segment",
  vtt: "text/vtt; charset=utf-8",
  ass: "text/x-ssa; charset=utf-8",
  sup: "application/octet-stream",
  jpg: "image/jpeg",
} as const;

/**
 * @param signal aborted when the player goes away
 * @throws Gone when the file is not any more what the address was made for; Unavailable while something has to be made first
 */
export async function serveFile(hls: Hls, request: Request, signal: AbortSignal): Promise<Response> {
  const wanted = parseName(request.file);
  if (!wanted) throw new NotFound("there is no such file");
  const media = await hls.find(request.mediaId);
  if (wanted.what === "thumbnails") {
    const path = await hls.cache.open(media.id, hls.thumbnailsOf(media).key, wanted.name);
    if (!path) throw new NotFound("there are no thumbnails yet");
    return answer(request, await bodyOf(path, request), LASTING);
  }

  const capabilities = capabilitiesOf(request.codecs, request.userAgent);
  const show = await hls.ready(media, capabilities);
  if (!show) {
    if (request.file === MASTER) await hls.prepare(media, capabilities);
    throw new Unavailable("this is being made ready to play: ask again", { retryAfter: RETRY_SECS });
  }
  const { key } = show.stream;
  // A player that loads the list again gets the present one.
  if (wanted.what !== "master" && request.key !== undefined && request.key !== key) {
    throw new Gone(CHANGED);
  }
  const body = await load(hls, show, request.file, wanted, signal);
  if (!request.file.endsWith(".m3u8")) return answer(request, body, LASTING);
  const query = new URLSearchParams({ v: key, codecs: capabilityNames(capabilities) });
  if (request.token) query.set("token", request.token);
  return answer(request, withQuery(await new Response(body as Blob).text(), query), FRESH);
}

/** From the cache where it may be, else made. */
async function load(hls: Hls, show: Show, name: string, wanted: Wanted, signal: AbortSignal) {
  const { media, stream } = show;
  const copied = "track" in wanted && wanted.what !== "subtitles" && trackMode(stream, wanted.track) === "copy";
  const stored = hls.config.on_demand && copied ? null : await hls.cache.open(media.id, stream.key, name);
  if (!stored && wanted.what === "master") void hls.warm(show);
  if (!stored) return make(hls, show, wanted, signal);
  if (wanted.what === "segment" && !copied) hls.note(show, wanted);
  return Bun.file(stored);
}

/** What is replaced while it is read gives frames of the new file, or makes no sense: neither is an answer (HARDENING R6). */
async function make(hls: Hls, show: Show, wanted: Wanted, signal: AbortSignal) {
  try {
    return await hls.make(show, wanted, { signal });
  } finally {
    await requireSame(hls, show.media);
  }
}

async function requireSame(hls: Hls, { id, version }: MediaFile): Promise<void> {
  if ((await hls.find(id)).version !== version) throw new Gone(CHANGED);
}

/** Pictures of the seek bar are named without a query too. */
async function bodyOf(path: string, { token, file }: Request) {
  if (!token || !file.endsWith(".vtt")) return Bun.file(path);
  const text = await Bun.file(path).text();
  return text.replace(/^thumbnails_\d+\.jpg/gm, (name) => `${name}?${new URLSearchParams({ token })}`);
}

function answer({ file }: Request, body: Uint8Array | string | Blob, cacheControl: string): Response {
  const type = TYPES[file.slice(file.lastIndexOf(".") + 1) as keyof typeof TYPES];
  return new Response(body as Blob, { headers: { "Content-Type": type, "Cache-Control": cacheControl } });
}

/** @throws NotFound unless the file has a font of that name */
export async function serveFont(hls: Hls, mediaId: string, name: string): Promise<Response> {
  const font = await hls.font(await hls.find(mediaId), name);
  if (!font) throw new NotFound("there is no such font in this file");
  return new Response(font.body, { headers: { "Content-Type": font.mediaType, "Cache-Control": LASTING } });
}
