/** What a player does: loads the lists of an item, then asks for what they name. */
import { readMasterList, readMediaList } from "../lists.ts";

/** Addresses of a track, absolute. */
export interface Loaded {
  init: string;
  segments: string[];
  /** Seconds at which they begin. */
  starts: number[];
}

/** @param playlist address of the first list @returns the picture, then every sound */
export async function load(playlist: string): Promise<[picture: Loaded, ...sounds: Loaded[]]> {
  const { video, audio } = readMasterList(await textOf(playlist));
  const track = async (name: string): Promise<Loaded> => {
    const url = new URL(name, playlist).href;
    const list = readMediaList(await textOf(url));
    const here = (file: string) => new URL(file, url).href;
    const starts = list.segments.map((_, k) => list.segments.slice(0, k).reduce((sum, { secs }) => sum + secs, 0));
    return { init: here(list.init!), segments: list.segments.map(({ name }) => here(name)), starts };
  };
  return [await track(video), ...(await Promise.all(audio.map(({ URI }) => track(URI!))))];
}

/** @throws with the answer unless it is 200 */
export async function bytesOf(url: string, init?: RequestInit): Promise<Uint8Array> {
  const answer = await fetch(url, init);
  if (answer.status !== 200) throw new Error(`${new URL(url).pathname}: ${answer.status} ${await answer.text()}`);
  return answer.bytes();
}

const textOf = async (url: string): Promise<string> => new TextDecoder().decode(await bytesOf(url));

/** The status, and what is said to people. */
export async function refusal(url: string): Promise<{ status: number; error: string }> {
  const answer = await fetch(url);
  return { status: answer.status, error: ((await answer.json()) as { error: string }).error };
}
