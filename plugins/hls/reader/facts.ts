/** What a codec's own headers say of a track, in the words of players (RFC 6381) and of ffmpeg. */

export interface VideoFacts {
  type: "video";
  /** `avc1.640028`, `hvc1.2.4.L120.90`, `av01.0.08M.10`, `vp09.00.40.08`. */
  codecString: string;
  /** ffmpeg's name: `High 10`, `Main 10`; null when it has none. */
  profile: string | null;
  /** ffmpeg's name: `yuv420p`, `yuv420p10le`. */
  pixelFormat: string;
  bitDepth: number;
  interlaced: boolean;
}

export interface AudioFacts {
  type: "audio";
  /** `mp4a.40.2`, `fLaC`, `Opus`. */
  codecString: string;
  profile: string | null;
  /** Hz: the clock that frames are counted on, and the timescale of the track in MP4. Opus: 48000. */
  sampleRate: number;
  channels: number;
  /** Samples of a frame where all have the same (AAC: 1024); null where each frame says it (FLAC, Opus). */
  frameSamples: number | null;
}
