/** Files that are being played, held open for a moment: a player asks for the next segment soon, and MP4 has a head to be read first. */
import { openSource } from "./byte-source.ts";
import { resumeMatroska } from "./mkv/open.ts";
import { resumeMp4 } from "./mp4/open.ts";
import type { Container, ContainerIndex } from "./reader/model.ts";

export interface Readers {
  /**
   * Opens the file for as long as `use` takes, and a while longer for the next one.
   * @param version of its content: a file that was replaced is opened anew
   */
  with<T>(file: string, version: string, index: ContainerIndex, use: (container: Container) => Promise<T>): Promise<T>;
  /** Closes what nobody uses; what is in use is closed by its last user. */
  close(): void;
}

interface Reader {
  opened: Promise<{ container: Container; close(): Promise<void> }>;
  users: number;
  idle: Timer | undefined;
}

const IDLE_MS = 10_000;
/** What a player leaves behind counts for ten seconds; more viewers than this share fewer files. */
const MOST = 64;

export function createReaders(idleMs = IDLE_MS): Readers {
  const readers = new Map<string, Reader>();
  let closed = false;

  const drop = (key: string, reader: Reader) => {
    clearTimeout(reader.idle);
    if (readers.get(key) === reader) readers.delete(key);
    // One that could not be opened has nothing to be closed.
    if (reader.users === 0) reader.opened.then(({ close }) => close()).catch(() => {});
  };
  const leave = (key: string, reader: Reader) => {
    reader.users--;
    if (reader.users > 0) return;
    if (closed || readers.get(key) !== reader) return drop(key, reader);
    reader.idle = setTimeout(() => drop(key, reader), idleMs);
    reader.idle.unref();
  };

  return {
    async with(file, version, index, use) {
      const key = `${version} ${file}`;
      const reader = readers.get(key) ?? { opened: open(file, index), users: 0, idle: undefined };
      clearTimeout(reader.idle);
      reader.users++;
      if (readers.size < MOST) readers.set(key, reader);
      try {
        return await use((await reader.opened).container);
      } catch (error) {
        // The next one opens it anew: a handle on a share that was away stays broken.
        if (readers.get(key) === reader) readers.delete(key);
        throw error;
      } finally {
        leave(key, reader);
      }
    },
    close() {
      closed = true;
      for (const [key, reader] of readers) drop(key, reader);
    },
  };
}

/** Opens the file for as long as `use` takes. */
export async function withContainer<T>(
  file: string,
  index: ContainerIndex,
  use: (container: Container) => Promise<T>,
): Promise<T> {
  const { container, close } = await open(file, index);
  try {
    return await use(container);
  } finally {
    await close();
  }
}

async function open(file: string, index: ContainerIndex) {
  const source = await openSource(file);
  const container = index.format === "matroska" ? resumeMatroska(source, index) : resumeMp4(source, index);
  return { container, close: () => source.close() };
}
