/** The part of a file that is in memory: forwards through a file in few reads, and over what is not wanted in none. */
import { type ByteSource, Damaged } from "../reader/model.ts";

export interface Window {
  /** The bytes from `at` if they are all here; null otherwise. */
  peek(at: number, length: number): Uint8Array | null;
  /**
   * Moves to `at`. What was handed out before stays as it is.
   * @returns fewer bytes than asked for only where the file ends
   */
  load(at: number, length: number): Promise<Uint8Array>;
}

/** What is asked for at once may come from a length in the file, which may say anything. */
const LARGEST_READ = 64 * 2 ** 20;

/**
 * @param ahead the bytes that a read at a place fetches at least
 * @param keep how many places it remembers
 */
export function createWindow(source: ByteSource, ahead: (at: number) => number, keep = 1): Window {
  let spans: { begin: number; bytes: Uint8Array }[] = [];
  return {
    peek(at, length) {
      for (const { begin, bytes } of spans) {
        const from = at - begin;
        if (from >= 0 && from + length <= bytes.length) return bytes.subarray(from, from + length);
      }
      return null;
    },
    async load(at, length) {
      if (length > LARGEST_READ) throw new Damaged("an element is longer than any of its kind");
      const wanted = Math.min(Math.max(0, source.size - at), Math.max(length, ahead(at)));
      const bytes = await source.read(at, wanted);
      spans = [{ begin: at, bytes }, ...spans.slice(0, keep - 1)];
      return bytes.subarray(0, length);
    },
  };
}

/** Fewer bytes than asked for only where the file ends. */
export async function bytesAt(window: Window, at: number, length: number): Promise<Uint8Array> {
  return window.peek(at, length) ?? (await window.load(at, length));
}
