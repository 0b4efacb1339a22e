/**
 * What the readers of containers give to everything that makes something of a file: tracks, where its keyframes are, and
 * frames by their place. Times are whole nanoseconds on the container's own clock.
 */

/** Bytes of a file by their place. Never blocks the event loop. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** @returns fewer bytes than asked for only where the file ends */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export type TrackType = "video" | "audio" | "subtitle";

export interface SourceTrack {
  /** The container's number of it; frames carry it. */
  number: number;
  /** ffmpeg's stream number, for `-map 0:index`. */
  index: number;
  type: TrackType;
  /** ffmpeg's name: `h264`, `aac`, `ass`, `hdmv_pgs_subtitle`; `unknown` where there is none. */
  codec: string;
  /** avcC, hvcC, av1C, AudioSpecificConfig, `fLaC` with its blocks, OpusHead, the head of an ASS script; empty when there is none. */
  codecPrivate: Uint8Array;
  /** BCP 47 or ISO 639-2 as the file says it. */
  language: string | null;
  title: string | null;
  default: boolean;
  forced: boolean;
  /** Pixels as coded; 0 for other tracks. */
  width: number;
  height: number;
  /** Hz, as coded (not doubled by SBR); 0 for other tracks. */
  sampleRate: number;
  channels: number;
  bitDepth: number;
  /** Of a frame, when all have the same; null otherwise. */
  frameDuration: number | null;
  /** Time of the first frame; null when the track is empty or (subtitles) that is not known. */
  start: number | null;
}

export interface Attachment {
  /** As the file says it, which may be any text: never a path to be opened. */
  name: string;
  mediaType: string;
  /** Bytes from the begin of the file. */
  offset: number;
  size: number;
}

export interface Chapter {
  start: number;
  end: number | null;
  title: string;
}

/** All that reading a file again would find out. Plain data, kept in the database. */
export interface ContainerIndex {
  format: "matroska" | "mp4";
  /** Of the longest track. */
  duration: number;
  /** In the order of the file. */
  tracks: SourceTrack[];
  /** The video track that the keyframes belong to: the first one that is not a cover. Null when there is none. */
  video: number | null;
  /** Strictly ascending times, and for each the place to begin reading (Matroska: of its cluster). */
  keyframes: { times: number[]; offsets: number[] };
  /** Matroska, by number of a subtitle track: the clusters of all its blocks, then as many places in them; absent where nothing tells. */
  subtitleBlocks: Record<number, number[]>;
  attachments: Attachment[];
  chapters: Chapter[];
  /** Why the file cannot be cut by its keyframes; null when it can. One line for a log. */
  obstacle: string | null;
}

export interface Frame {
  track: number;
  /** Presentation time. */
  time: number;
  key: boolean;
  data: Uint8Array;
  /** Null when the container does not say. */
  duration: number | null;
}

/** Frames of a part of the file. */
export interface Part {
  /** By track number, each in decoding order. */
  frames: Map<number, Frame[]>;
  /** The smallest time among the first pictures of the next part; null at the end of the file. */
  nextVideoTime: number | null;
}

/** An opened file. Reads for two parts at once never disturb each other. */
export interface Container {
  readonly index: ContainerIndex;
  /**
   * What lies between two keyframes, given by their numbers in `index.keyframes`; `to` may be their count: up to the end.
   * Of the video track: all from keyframe `from` up to the one of `to`, as they are decoded. Of other tracks: every frame whose
   * time is in [time of `from`, time of `to`), wherever in the file it lies; part 0 also what comes before.
   * What is damaged is left out: then video goes on at the next keyframe, if there is one.
   * @throws Damaged when there is more than can be held
   */
  part(from: number, to: number, tracks: readonly number[]): Promise<Part>;
  /** One keyframe of the video track. */
  keyframe(number: number): Promise<Frame>;
  /** Every frame of a sparse track (subtitles). */
  track(number: number): Promise<Frame[]>;
}

/** The file is not what its container promises, or not one that a reader of ours takes: ffmpeg may know better. */
export class Damaged extends Error {
  override name = "Damaged";
}
