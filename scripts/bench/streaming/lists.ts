/** HLS lists as a player reads them. */
import type { Span } from "./cutters.ts";

export interface Segments {
  init: string;
  /** Absolute addresses, and the times that the list gives them. */
  segments: ({ url: string } & Span)[];
}

export interface Playlists {
  video: Segments;
  audio: Segments[];
}

/** @param url of the list of lists */
export async function readPlaylists(url: string): Promise<Playlists> {
  const master = await text(url);
  const [video] = addresses(master, url);
  const audio = [...master.matchAll(/^#EXT-X-MEDIA:TYPE=AUDIO.*URI="([^"]+)"/gm)].map(
    ([, uri]) => new URL(uri!, url).href,
  );
  return { video: await readSegments(video!), audio: await Promise.all(audio.map(readSegments)) };
}

async function readSegments(url: string): Promise<Segments> {
  const list = await text(url);
  const lengths = [...list.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, secs]) => Number(secs));
  let end = 0;
  const segments = addresses(list, url).map((address, at) => {
    const start = end;
    end = start + lengths[at]!;
    return { url: address, start, end };
  });
  return { init: new URL(/URI="([^"]+)"/.exec(list)![1]!, url).href, segments };
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${answer.status}`);
  return answer.text();
}

const addresses = (list: string, base: string): string[] =>
  list
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => new URL(line, base).href);
