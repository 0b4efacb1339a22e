/** Files with subtitles, made by mkvmerge and ffmpeg, and what our reader and mkvextract find in them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import type { Container } from "../../../../plugins/hls/reader/model.ts";
import type { SubtitleForm } from "../../../../plugins/hls/subtitles/forms.ts";
import { writeSubtitles } from "../../../../plugins/hls/subtitles/write.ts";
import { newFolder } from "../fixtures.ts";

/** @returns the absolute path of a new file */
export async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(newFolder(), name);
  await writeFile(path, content);
  return path;
}

/** Runs one of MKVToolNix's programs; 1 means that it only warned. */
async function mkvtoolnix(program: "mkvmerge" | "mkvextract", ...args: string[]): Promise<void> {
  const child = Bun.spawn([program, "--quiet", ...args], { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  const [said, code] = await Promise.all([child.stdout.text(), child.exited]);
  if (code > 1) throw new Error(`${program} ${args.join(" ")}\n${said}`);
}

/** @param args of mkvmerge, after the output @returns the path of the Matroska file */
export async function merged(...args: string[]): Promise<string> {
  const path = join(newFolder(), "merged.mkv");
  await mkvtoolnix("mkvmerge", "--output", path, ...args);
  return path;
}

/** A track as mkvextract writes it. */
export async function extracted(path: string, track: number): Promise<Buffer> {
  const out = join(newFolder(), "track");
  await mkvtoolnix("mkvextract", path, "tracks", `${track}:${out}`);
  return Buffer.from(await Bun.file(out).bytes());
}

export async function opened<T>(path: string, use: (container: Container) => Promise<T>): Promise<T> {
  const source = await openSource(path);
  try {
    return await use(await openMatroska(source));
  } finally {
    await source.close();
  }
}

/** The first subtitle track as we write it. */
export const written = (path: string, form: SubtitleForm): Promise<Buffer> =>
  opened(path, async (container) => {
    const track = container.index.tracks.find(({ type }) => type === "subtitle")!;
    return Buffer.from(await writeSubtitles(track, await container.track(track.number), form));
  });
