/** Makes what players ask for: out of the file in our own process where that can be, else through ffmpeg. */
import { createByteCache } from "../../src/lib/byte-cache.ts";
import { type Logger, NotFound, Unprocessable } from "../../src/plugin.ts";
import type { Cache } from "./cache.ts";
import type { HlsConfig } from "./config.ts";
import { copyInit, copySegments } from "./copy/segment.ts";
import type { MadeName } from "./encode/cutter.ts";
import type { WaitOptions } from "./encode/head.ts";
import { createHeads } from "./encode/heads.ts";
import type { Work } from "./encode/work.ts";
import { initName, segmentName, type Wanted } from "./names.ts";
import { type Container, type ContainerIndex, Damaged } from "./reader/model.ts";
import { createReaders } from "./readers.ts";
import type { Show } from "./service.ts";
import {
  copiedTracks,
  masterOf,
  playlistOf,
  type Stream,
  spansOf,
  subtitlesPlaylist,
  type TrackName,
  trackMode,
} from "./stream.ts";
import { extractSubtitles } from "./subtitles/extract.ts";
import { type SubtitleForm, subtitleForms } from "./subtitles/forms.ts";
import { writeSubtitles } from "./subtitles/write.ts";
import { findTools } from "./tools.ts";

export interface Maker {
  /** @throws NotFound for a name that this item does not have */
  make(show: Show, wanted: Wanted, options: WaitOptions): Promise<Uint8Array | Blob>;
  /** A player has asked for the list: the encoder of a picture begins before it is asked for. Never throws. */
  warm(show: Show): Promise<void>;
  /** A segment that was encoded before is read from the cache: what lies ahead of it will be asked for next. */
  note(show: Show, segment: { track: TrackName; number: number }): void;
  /** Ends every ffmpeg. */
  close(): Promise<void>;
}

/** Bytes of copied segments that are kept for who asks next: the other tracks' players, and those who watch together. */
const COPY_BYTES = 48 << 20;
/** Bytes of subtitles that are kept: those of one film, asked for in two forms by a few players. */
const SUBTITLE_BYTES = 16 << 20;

export function createMaker({ config, log, cache }: { config: HlsConfig; log: Logger; cache: Cache }): Maker {
  const heads = createHeads({
    config,
    log,
    tools: () => findTools(config.ffmpeg_path),
    // What does not fit on the disk is made again when it is asked for again.
    onMade: (work, name, bytes) => void keep(work, name, bytes),
  });
  /** Of what fills the disk, the first refusal is worth a line. */
  let refused = false;
  const keep = async (work: Work, name: MadeName, bytes: Uint8Array) => {
    const [mediaId = "", key = "", track = ""] = work.key.split(" ");
    const of = track === "video" ? track : Number(track);
    const error = await cache.put(mediaId, key, name === "init" ? initName(of) : segmentName(of, name), bytes);
    if (error && !refused) log.warn("what was transcoded cannot be kept", { error });
    refused = error !== null;
  };
  const readers = createReaders();
  const copies = createByteCache<{ bytes: { byteLength: number }; made: Map<number, Blob | Damaged> }>(COPY_BYTES);
  const subtitles = createByteCache<{ bytes: Uint8Array }>(SUBTITLE_BYTES);

  /** @throws Unprocessable where the file is so damaged that nothing can be made of it */
  const read = async <T>({ media, file, stream }: Show, use: (container: Container) => Promise<T>): Promise<T> => {
    try {
      return await readers.with(file, media.version, stream.index.cut!.container, use);
    } catch (error) {
      throw error instanceof Damaged ? damagedHere(error) : error;
    }
  };

  /** All tracks that are copied, since they lie together in the file: a player asks for picture and sound, and a choice of another. */
  const copySpan = async (show: Show, number: number) => {
    const { media, file, stream } = show;
    const { container, facts, delay } = stream.index.cut!;
    const make = async () => {
      const tracks = copiedTracks(stream).map((index) => ({ track: trackOf(container, index), facts: facts[index]! }));
      const made = await read(show, (opened) => copySegments(opened, stream.copied, number, tracks, delay));
      const byteLength = [...made.values()].reduce((sum, one) => sum + (one instanceof Damaged ? 0 : one.size), 0);
      return { bytes: { byteLength }, made };
    };
    return (await copies.get(`${media.id} ${stream.key} ${file} ${number}`, make)).made;
  };

  const copied = async (show: Show, track: TrackName, number: number | "init"): Promise<Uint8Array | Blob> => {
    const { stream } = show;
    const { container, facts, delay } = stream.index.cut!;
    const source = trackOf(container, track === "video" ? stream.plan.video.track.index : track);
    if (number === "init") return copyInit(source, facts[source.index]!, delay);
    const made = (await copySpan(show, number)).get(source.number)!;
    if (made instanceof Damaged) throw damagedHere(made);
    return made;
  };

  const workOf = ({ media, file, stream }: Show, name: TrackName): Work => {
    const track =
      name === "video" ? stream.plan.video.track : stream.plan.audio.find((audio) => audio.track.index === name)!.track;
    return {
      key: `${media.id} ${stream.key} ${name}`,
      file,
      track,
      source: stream.index.cut?.container.tracks.find(({ index }) => index === track.index) ?? null,
      spans: spansOf(stream, name),
    };
  };

  const requireSubtitles = ({ index }: Stream, number: number, form: SubtitleForm) => {
    const track = index.tracks.find((candidate) => candidate.index === number);
    if (track?.type !== "subtitle" || !subtitleForms(track.codec).includes(form)) throw noSuchFile();
  };

  const subtitlesOf = async (show: Show, index: number, form: SubtitleForm) => {
    const { media, file, stream } = show;
    const make = async () => {
      const container = stream.index.cut?.container;
      if (!container) {
        const { ffmpeg } = findTools(config.ffmpeg_path);
        return { bytes: await extractSubtitles({ ffmpeg, file, index, form, signal: new AbortController().signal }) };
      }
      const source = trackOf(container, index);
      const frames = await read(show, (opened) => opened.track(source.number));
      return { bytes: await writeSubtitles(source, frames, form) };
    };
    return (await subtitles.get(`${media.id} ${media.version} ${file} ${index} ${form}`, make)).bytes;
  };

  return {
    async make(show, wanted, options) {
      const { stream, media } = show;
      switch (wanted.what) {
        case "master":
          return utf8(masterOf(stream, media.size));
        case "playlist":
          if (!trackMode(stream, wanted.track)) throw noSuchFile();
          return utf8(playlistOf(stream, wanted.track));
        case "subtitles":
          requireSubtitles(stream, wanted.track, wanted.format === "m3u8" ? "vtt" : wanted.format);
          return wanted.format === "m3u8"
            ? utf8(subtitlesPlaylist(stream, wanted.track))
            : subtitlesOf(show, wanted.track, wanted.format);
        case "init":
        case "segment": {
          const mode = trackMode(stream, wanted.track);
          const number = wanted.what === "init" ? "init" : wanted.number;
          if (!mode || (number !== "init" && !spansOf(stream, wanted.track)[number])) throw noSuchFile();
          if (mode === "copy") return copied(show, wanted.track, number);
          const work = workOf(show, wanted.track);
          return number === "init" ? heads.init(work, undefined, options) : heads.segment(work, number, options);
        }
        case "thumbnails":
          throw noSuchFile();
      }
    },
    async warm(show) {
      const { media, stream } = show;
      if (trackMode(stream, "video") === "copy" || (await cache.has(media.id, stream.key, segmentName("video", 0))))
        return;
      await heads.init(workOf(show, "video")).catch(() => {});
    },
    note(show, { track, number }) {
      heads.note(workOf(show, track), number);
    },
    async close() {
      readers.close();
      await heads.close();
    },
  };
}

function trackOf({ tracks }: ContainerIndex, index: number) {
  const track = tracks.find((candidate) => candidate.index === index);
  if (!track) throw noSuchFile();
  return track;
}

const damagedHere = (cause: Damaged) =>
  new Unprocessable("the file is damaged here: what comes before and after may play", { cause });

const noSuchFile = () => new NotFound("there is no such file: open the playlist again");

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
