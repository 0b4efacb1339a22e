/** What `/api/stream/:id` says of an item that can be played. Pure. */
import type { MediaFile } from "../../src/plugin.ts";
import { ANY_CODEC, type Capabilities, capabilityNames } from "./capabilities.ts";
import { MASTER, subtitlesName } from "./names.ts";
import type { Stream } from "./stream.ts";
import { fontsOf } from "./subtitles/fonts.ts";
import { type SubtitleForm, subtitleForms } from "./subtitles/forms.ts";
import { audiosOf, type DescribedTrack, describeTrack, subtitlesOf, videosOf } from "./track.ts";

export interface Address {
  /** Scheme and host as the caller wrote them. */
  origin: string;
  /** Opens this item's files. */
  token: string;
  /** As the caller gave it; absent when it gave none, so that plain addresses stay plain. */
  codecs: string | undefined;
}

export function answerFor(media: MediaFile, stream: Stream, capabilities: Capabilities, address: Address) {
  const { index } = stream;
  const { origin, token, codecs } = address;
  const files = `${origin}/hls/${token}/${media.id}`;
  const query = codecs === undefined ? "" : `?codecs=${capabilityNames(capabilities)}`;
  const name = media.path.slice(media.path.lastIndexOf("/") + 1);
  return {
    id: media.id,
    playlist_url: `${files}/${MASTER}${query}`,
    direct_url: `${origin}/media/${token}/${media.id}/${encodeURIComponent(name)}`,
    watch_url: `${origin}/watch/${token}/${media.id}`,
    mode: isDirect(stream, capabilities) ? ("direct" as const) : stream.mode,
    duration: index.duration,
    video: videosOf(index.tracks).slice(0, 1).map(describeTrack)[0] ?? null,
    audio: audiosOf(index.tracks).map(describeTrack),
    subtitles: subtitlesOf(index.tracks).map((track): DescribedTrack => {
      const forms = subtitleForms(track.codec);
      const url = (form: SubtitleForm) => `${files}/${subtitlesName(track.index, form)}${query}`;
      return {
        ...describeTrack(track),
        url: forms[0] ? url(forms[0]) : null,
        vtt_url: forms.includes("vtt") ? url("vtt") : null,
      };
    }),
    fonts: fontsOf(index.cut?.container.attachments ?? []).map((font) => ({
      name: font.name,
      url: `${files}/fonts/${encodeURIComponent(font.name)}`,
    })),
    chapters: index.chapters.map(({ start, end, title }) => ({
      start: start / 1e9,
      end: end === null ? null : end / 1e9,
      title,
    })),
    thumbnails_url: `${files}/thumbnails.vtt`,
  };
}

/**
 * Players that bring all decoders read any container. A browser reads MP4, as long as it decodes all that is in it and there
 * is no second sound to choose, which it has no means for.
 */
function isDirect({ index, mode }: Stream, capabilities: Capabilities): boolean {
  if (capabilities === ANY_CODEC) return true;
  return index.format.split(",").includes("mp4") && audiosOf(index.tracks).length <= 1 && mode === "copy";
}
