/** The server with the plugin, as a player finds it. */
import { copyFile, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { hls } from "../../../../plugins/hls/index.ts";
import { testApp } from "../../../helpers/app.ts";
import { LONG_AGO } from "../../../helpers/media-tree.ts";
import { until } from "../../../helpers/until.ts";

/** What is used of `GET /api/stream/:id`. */
export interface Stream {
  id: string;
  mode: string;
  playlist_url: string;
  direct_url: string;
  watch_url: string;
  subtitles: { url: string; vtt_url: string | null }[];
}

export interface Place {
  url: string;
  /** Puts a copy of the file into the library. @returns what a player is told of it, at once */
  add(file: string): Promise<Stream>;
  /** Deletes the file, and the library knows. */
  remove(file: string): Promise<void>;
  /** Where the copy of a file lies in the library. */
  pathOf(file: string): string;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const app = await testApp({ plugins: [hls] });
  const json = async <T>(path: string, init?: RequestInit): Promise<T> => (await app.request(path, init)).json() as T;
  const pathOf = (file: string) => join(app.mediaDir, basename(file));
  const index = async () => {
    const { job_id } = await json<{ job_id: string }>("/api/jobs/index", { method: "POST" });
    await until(async () => (await json<{ job: { status: string } }>(`/api/jobs/${job_id}`)).job.status === "done");
  };
  return {
    url: app.url,
    pathOf,
    async add(file) {
      const path = pathOf(file);
      await copyFile(file, path);
      await utimes(path, LONG_AGO, LONG_AGO); // not one that is still being written
      await index();
      const entries = await json<{ id: string; path: string }[]>("/api/library");
      const { id } = entries.find(({ path }) => path === basename(file))!;
      const answer = await app.request(`/api/stream/${id}`);
      if (answer.status !== 200) throw new Error(`/api/stream: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Stream;
    },
    async remove(file) {
      await Bun.file(pathOf(file)).delete();
      await index();
    },
    close: () => app.remove(),
  };
}
