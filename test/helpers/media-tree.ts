/** A folder of small files that pass for media where nobody opens them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface MediaTree {
  /** The folder, absolute and real. */
  root: string;
  path(...parts: string[]): string;
  /** Writes a file, by default one that was not touched lately. @returns its path */
  file(path: string, content?: string, modified?: Date): string;
  remove(): void;
}

/** Long enough ago that nobody takes the file for one that is being written. */
export const LONG_AGO = new Date("2026-01-02T03:04:05.678Z");

/** @param paths files with their own path as content, so that no two are of one size unless their paths are */
export function mediaTree(...paths: string[]): MediaTree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "anicargo-media-")));
  const tree: MediaTree = {
    root,
    path: (...parts) => join(root, ...parts),
    file: (path, content = path, modified = LONG_AGO) => {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      utimesSync(file, modified, modified);
      return file;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const path of paths) tree.file(path);
  return tree;
}
