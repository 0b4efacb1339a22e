/** What the page uses of `stream.json`, which is the answer of `GET /api/stream/ID`. Times in seconds. */

export interface AudioTrack {
  /** The track's number in the addresses of its playlists and segments. */
  index: number;
  language: string | null;
  title: string | null;
  codec: string;
  channels: number;
}

export interface SubtitleTrack {
  index: number;
  language: string | null;
  title: string | null;
  default: boolean;
  forced: boolean;
  /** ffmpeg's name: `ass`, `subrip`, `hdmv_pgs_subtitle`. */
  codec: string;
  url: string;
  /** Null for pictures. */
  vtt_url: string | null;
}

export interface Chapter {
  start: number;
  end: number | null;
  title: string;
}

export interface Stream {
  duration: number | null;
  audio: AudioTrack[];
  subtitles: SubtitleTrack[];
  fonts: { name: string; url: string }[];
  chapters: Chapter[];
  thumbnails_url: string | null;
}

/** What there is to choose of while nothing is known. */
export const UNKNOWN: Stream = {
  duration: null,
  audio: [],
  subtitles: [],
  fonts: [],
  chapters: [],
  thumbnails_url: null,
};
