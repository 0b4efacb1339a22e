/** Playlists, as a player reads them. */

export interface MediaList {
  /** What the initialisation section is called; undefined where there is none. */
  init: string | undefined;
  segments: { name: string; secs: number }[];
  sequence: number;
  /** Whole seconds that no segment may exceed. */
  target: number;
  ended: boolean;
}

export type Attributes = Record<string, string>;

export interface MasterList {
  /** Of the one variant: `CODECS`, `RESOLUTION` and so on. */
  variant: Attributes;
  video: string;
  audio: Attributes[];
  subtitles: Attributes[];
}

export function readMediaList(text: string): MediaList {
  const lines = text.split("\n");
  const tag = (name: string) => lines.find((line) => line.startsWith(`#${name}:`))?.slice(name.length + 2);
  return {
    init: attributesOf(tag("EXT-X-MAP") ?? "").URI,
    segments: lines.flatMap((line, i) =>
      line.startsWith("#EXTINF:") ? [{ name: lines[i + 1]!, secs: Number.parseFloat(line.slice(8)) }] : [],
    ),
    sequence: Number(tag("EXT-X-MEDIA-SEQUENCE")),
    target: Number(tag("EXT-X-TARGETDURATION")),
    ended: lines.includes("#EXT-X-ENDLIST"),
  };
}

export function readMasterList(text: string): MasterList {
  const lines = text.split("\n");
  const media = lines.filter((line) => line.startsWith("#EXT-X-MEDIA:")).map(attributesOf);
  const at = lines.findIndex((line) => line.startsWith("#EXT-X-STREAM-INF:"));
  return {
    variant: attributesOf(lines[at] ?? ""),
    video: lines[at + 1] ?? "",
    audio: media.filter(({ TYPE }) => TYPE === "AUDIO"),
    subtitles: media.filter(({ TYPE }) => TYPE === "SUBTITLES"),
  };
}

/** Of a list and all that lies behind it: lists, initialisation sections and segments, resolved as a player does. */
export async function addressesOf(url: string, init?: RequestInit): Promise<string[]> {
  const text = await (await fetch(url, init)).text();
  const here = (name: string) => new URL(name, url).href;
  if (!text.includes("#EXT-X-STREAM-INF")) {
    const list = readMediaList(text);
    return [...(list.init ? [list.init] : []), ...list.segments.map(({ name }) => name)].map(here);
  }
  const { video, audio, subtitles } = readMasterList(text);
  const lists = [video, ...[...audio, ...subtitles].map(({ URI }) => URI!)].map(here);
  const below = await Promise.all(lists.map((list) => addressesOf(list, init)));
  return [...lists, ...below.flat()];
}

export const secsOf = ({ segments }: MediaList): number => segments.reduce((sum, { secs }) => sum + secs, 0);

const attributesOf = (line: string): Attributes =>
  Object.fromEntries(
    [...line.matchAll(/([A-Z\d-]+)=(?:"([^"]*)"|([^",]*))/g)].map(([, name, quoted, plain]) => [
      name!,
      quoted ?? plain!,
    ]),
  );
