/** Reading and writing HLS media playlists (RFC 8216). Pure. */

export const PLAYLIST = "index.m3u8";
export const INIT = "init.mp4";
/** Everything that is ever served of a rendition (HARDENING S1). */
export const SERVED_NAME = /^(index\.m3u8|seg_\d{1,6}\.(ts|m4s)|init\.mp4)$/;

export interface Segment {
  name: string;
  /** Seconds, exact as ffmpeg cut it. */
  secs: number;
}

export interface MediaPlaylist {
  segments: Segment[];
  /** Address of the initialisation section; absent in lists of transport streams. */
  init?: string;
  /** Number of the first segment. */
  sequence: number;
  /** Whether it is complete (`EXT-X-ENDLIST`). */
  ended: boolean;
}

export function parsePlaylist(text: string): MediaPlaylist {
  const list: MediaPlaylist = { segments: [], sequence: 0, ended: false };
  let secs = 0;
  for (const line of text.split(/\r?\n/)) {
    const [, tag, value = ""] = /^#(EXT[A-Z0-9-]*):?(.*)$/.exec(line) ?? [];
    if (tag === "EXTINF") secs = Number.parseFloat(value);
    else if (tag === "EXT-X-MAP") list.init = /URI="([^"]*)"/.exec(value)?.[1];
    else if (tag === "EXT-X-MEDIA-SEQUENCE") list.sequence = Number(value);
    else if (tag === "EXT-X-ENDLIST") list.ended = true;
    else if (line && !line.startsWith("#")) list.segments.push({ name: line, secs });
  }
  return list;
}

/** A complete list. TARGETDURATION is the longest segment rounded up: none may be longer (RFC 8216, 4.3.3.1). */
export function renderPlaylist({ segments, init, sequence }: Omit<MediaPlaylist, "ended">): string {
  const longest = Math.max(1, ...segments.map(({ secs }) => Math.ceil(secs)));
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${longest}`,
    `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...(init ? [`#EXT-X-MAP:URI="${init}"`] : []),
    ...segments.flatMap(({ name, secs }) => [`#EXTINF:${secs.toFixed(6)},`, name]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

/** `hls.playlist_len`: 0 keeps all segments, N the last N, under the numbers they have in the whole. */
export function lastSegments(list: MediaPlaylist, length: number): MediaPlaylist {
  const dropped = length === 0 ? 0 : Math.max(0, list.segments.length - length);
  return { ...list, segments: list.segments.slice(dropped), sequence: list.sequence + dropped };
}

/** Seconds from the first segment's begin to the last one's end. */
export const totalSecs = ({ segments }: MediaPlaylist): number => segments.reduce((sum, { secs }) => sum + secs, 0);

/** Adds a query to every address in a list: a relative name inherits the list's path, but not its query. */
export function withQuery(text: string, query: URLSearchParams): string {
  const suffix = query.size === 0 ? "" : `?${query}`;
  return text.replace(/^(#EXT-X-MAP:URI="[^"]+|[^#\s].*)/gm, (address) => `${address}${suffix}`);
}
