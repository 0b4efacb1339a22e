/** Writing HLS playlists (RFC 8216). Pure. */

export interface MediaPlaylist {
  /** Addresses and seconds. */
  segments: { name: string; secs: number }[];
  /** Address of the initialisation section. */
  init?: string;
  /** Number of the first segment. */
  sequence: number;
  /** Seconds that no segment exceeds, in any list of the item: all must name the same (RFC 8216, 6.2.4). */
  longest: number;
}

/** A complete list. */
export function renderPlaylist({ segments, init, sequence, longest }: MediaPlaylist): string {
  return lines([
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longest))}`,
    `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...(init ? [`#EXT-X-MAP:URI="${init}"`] : []),
    ...segments.flatMap(({ name, secs }) => [`#EXTINF:${secs.toFixed(6)},`, name]),
    "#EXT-X-ENDLIST",
  ]);
}

/** What is left keeps the numbers that it has in the whole. */
export const withoutFirst = (list: MediaPlaylist, dropped: number): MediaPlaylist => ({
  ...list,
  segments: list.segments.slice(dropped),
  sequence: list.sequence + dropped,
});

export interface Rendition {
  address: string;
  name: string;
  /** BCP 47 or ISO 639-2; null when not known. */
  language: string | null;
  default: boolean;
  forced?: boolean;
  channels?: number;
}

export interface MasterPlaylist {
  video: { address: string; width: number; height: number; frameRate: number | null };
  audio: Rendition[];
  subtitles: Rendition[];
  /** Of every track of the groups: Chromium stops at one that is not named. */
  codecs: string[];
  /** Bits a second, at most and on average. */
  bandwidth: number;
  averageBandwidth: number;
}

export function renderMaster(master: MasterPlaylist): string {
  const { video, audio, subtitles, codecs } = master;
  const stream = [
    `BANDWIDTH=${Math.max(1, Math.round(master.bandwidth))}`,
    `AVERAGE-BANDWIDTH=${Math.max(1, Math.round(master.averageBandwidth))}`,
    `CODECS="${[...new Set(codecs)].join(",")}"`,
    `RESOLUTION=${video.width}x${video.height}`,
    ...(video.frameRate ? [`FRAME-RATE=${video.frameRate.toFixed(3)}`] : []),
    ...(audio.length > 0 ? ['AUDIO="audio"'] : []),
    ...(subtitles.length > 0 ? ['SUBTITLES="subtitles"'] : []),
  ];
  return lines([
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...named(audio).map((rendition) => media("AUDIO", rendition)),
    ...named(subtitles).map((rendition) => media("SUBTITLES", rendition)),
    `#EXT-X-STREAM-INF:${stream.join(",")}`,
    video.address,
  ]);
}

function media(type: "AUDIO" | "SUBTITLES", rendition: Rendition): string {
  const { address, name, language, forced, channels } = rendition;
  return `#EXT-X-MEDIA:${[
    `TYPE=${type}`,
    `GROUP-ID="${type.toLowerCase()}"`,
    `NAME="${name}"`,
    ...(language ? [`LANGUAGE="${quotable(language)}"`] : []),
    `DEFAULT=${rendition.default ? "YES" : "NO"}`,
    "AUTOSELECT=YES",
    ...(forced ? ["FORCED=YES"] : []),
    ...(channels ? [`CHANNELS="${channels}"`] : []),
    `URI="${address}"`,
  ].join(",")}`;
}

/** Names are unique in a group (RFC 8216, 4.3.4.1.1), whatever the file calls its tracks. */
function named(renditions: readonly Rendition[]): Rendition[] {
  const taken = new Set<string>();
  return renditions.map((rendition) => {
    const wanted = quotable(rendition.name);
    let name = wanted;
    for (let again = 2; taken.has(name); again++) name = `${wanted} (${again})`;
    taken.add(name);
    return { ...rendition, name };
  });
}

/** A quoted string holds neither quotes nor line breaks, of which Unicode has more than RFC 8216. */
export const quotable = (text: string): string => text.replace(/["\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

const lines = (parts: string[]): string => [...parts, ""].join("\n");

/** Adds a query to every address in a list: a relative name inherits the list's path, but not its query. */
export function withQuery(text: string, query: URLSearchParams): string {
  if (query.size === 0) return text;
  const extend = (line: string) => {
    if (line === "") return line;
    if (!line.startsWith("#")) return `${line}?${query}`;
    // Whole attributes at a time: a track's title may look like an address.
    return line.replace(ATTRIBUTE, (attribute, address) => (address ? `URI="${address}?${query}"` : attribute));
  };
  return text.split("\n").map(extend).join("\n");
}

/** Its first group is the address, of one that holds an address. */
const ATTRIBUTE = /\bURI="([^"]+)"|[A-Z\d-]+=(?:"[^"]*"|[^",]*)/g;
