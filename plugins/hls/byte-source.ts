/**
 * A file on a disk as a {@link ByteSource}. `FileHandle.read` reads on Bun's threads, as fast as `Bun.file().slice()` and a Worker
 * (`scripts/bench/reads.ts`), and unlike a path it stays with one file: what is replaced meanwhile is never mixed with what was read.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { type ByteSource, Damaged } from "./reader/model.ts";

export interface OpenSource extends ByteSource {
  /** Waits for the reads under way; later ones fail. */
  close(): Promise<void>;
}

/**
 * @param path absolute
 * @throws Damaged when it is not a regular file, the system's error when it cannot be opened or read
 */
export async function openSource(path: string): Promise<OpenSource> {
  // Without O_NONBLOCK, opening a FIFO waits for a writer, for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Damaged("it is not a regular file");
    const { size } = stat;
    return {
      size,
      async read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const bytes = new Uint8Array(Buffer.allocUnsafeSlow(wanted).buffer);
        let done = 0;
        // Network file systems give less than asked for at any time.
        while (done < wanted) {
          const { bytesRead } = await file.read(bytes, done, wanted - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
