/** The files that a playlist is made of, by their names. N is ffmpeg's stream number, K a segment's, from 0. */

export const MASTER = "index.m3u8";
export const VIDEO = "video.m3u8";

export type Wanted =
  | { what: "master" }
  | { what: "playlist"; track: "video" | number }
  | { what: "init"; track: "video" | number }
  | { what: "segment"; track: "video" | number; number: number }
  | { what: "subtitles"; track: number; format: "m3u8" | "ass" | "vtt" | "sup" }
  | { what: "thumbnails"; name: string };

/** No zeros before a number: a file has one name. */
const PATTERNS: [RegExp, (parts: RegExpExecArray) => Wanted][] = [
  [/^index\.m3u8$/, () => ({ what: "master" })],
  [/^(video|audio_(?:0|[1-9]\d{0,2}))\.m3u8$/, ([, track]) => ({ what: "playlist", track: trackOf(track) })],
  [/^init_(video|audio_(?:0|[1-9]\d{0,2}))\.mp4$/, ([, track]) => ({ what: "init", track: trackOf(track) })],
  [
    /^(video|audio_(?:0|[1-9]\d{0,2}))_(0|[1-9]\d{0,5})\.m4s$/,
    ([, track, number]) => ({ what: "segment", track: trackOf(track), number: Number(number) }),
  ],
  [
    /^subtitles_(0|[1-9]\d{0,2})\.(m3u8|ass|vtt|sup)$/,
    ([, track, format]) => ({ what: "subtitles", track: Number(track), format: format as "ass" }),
  ],
  [/^thumbnails(\.vtt|_(?:0|[1-9]\d{0,3})\.jpg)$/, ([name]) => ({ what: "thumbnails", name })],
];

/** @returns null for any other name: nothing else is ever served (HARDENING S1) */
export function parseName(name: string): Wanted | null {
  for (const [pattern, read] of PATTERNS) {
    const parts = pattern.exec(name);
    if (parts) return read(parts);
  }
  return null;
}

const trackOf = (text: string | undefined): "video" | number =>
  text === "video" ? "video" : Number(text?.slice("audio_".length));

const label = (track: "video" | number): string => (track === "video" ? "video" : `audio_${track}`);

export const playlistName = (track: "video" | number): string => `${label(track)}.m3u8`;
export const initName = (track: "video" | number): string => `init_${label(track)}.mp4`;
export const segmentName = (track: "video" | number, number: number): string => `${label(track)}_${number}.m4s`;
export const subtitlesName = (track: number, format: "m3u8" | "ass" | "vtt" | "sup"): string =>
  `subtitles_${track}.${format}`;
