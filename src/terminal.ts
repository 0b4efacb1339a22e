/** What a command says: data on standard output, everything else on standard error. */

import type { Progress } from "./jobs/job.ts";
import { printable } from "./lib/printable.ts";

export interface Terminal {
  /** One line of data. Control characters are shown, not obeyed (tabs stay). */
  print(line: string): void;
  /** One JSON document, on one line. */
  printJson(value: unknown): void;
  /** A line for the person, on standard error. */
  note(line: string): void;
  /** Redraws one line on standard error; does nothing when that is not a terminal. */
  progress(progress: Progress): void;
  /** Erases the progress line and waits until all data is written. */
  end(): Promise<void>;
}

const FLUSH_AT = 1 << 16;

/** A terminal on this process's own streams. A closed pipe (`anicargo scan | head -1`) ends the program quietly. */
export function createTerminal(): Terminal {
  const sink = Bun.stdout.writer({ highWaterMark: FLUSH_AT });
  const live = process.stderr.isTTY === true;
  let readerGone = false;
  const quietly = (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
    readerGone = true;
  };
  const write = (text: string): void => {
    if (readerGone) return;
    try {
      const written = sink.write(text);
      if (written instanceof Promise) written.catch(quietly);
    } catch (error) {
      quietly(error);
    }
  };
  let drawn = false;
  let lastDraw = 0;
  const erase = () => {
    if (drawn) process.stderr.write("\r\x1b[2K");
    drawn = false;
  };
  return {
    print: (line) => {
      erase();
      write(`${printable(line)}\n`);
    },
    printJson: (value) => {
      erase();
      write(`${JSON.stringify(value)}\n`);
    },
    note: (line) => {
      erase();
      process.stderr.write(`${printable(line)}\n`);
    },
    progress: ({ done, total, note }) => {
      if (!live || performance.now() - lastDraw < 100) return;
      lastDraw = performance.now();
      drawn = true;
      process.stderr.write(`\r\x1b[2K${progressLine(done, total, note, process.stderr.columns || 80)}`);
    },
    end: async () => {
      erase();
      try {
        await sink.end();
      } catch (error) {
        quietly(error);
      }
    },
  };
}

/** `[#####.....]  50 %  5000/10000  note`, cut to the width of the terminal in columns. */
export function progressLine(
  done: number,
  total: number | undefined,
  note: string | undefined,
  columns: number,
): string {
  const tail = note ? `  ${printable(note)}` : "";
  if (!total) return `${done}${tail}`.slice(0, columns - 1);
  const part = Math.min(1, done / total);
  const bar = "#".repeat(Math.round(part * 20)).padEnd(20, ".");
  return `[${bar}] ${String(Math.floor(part * 100)).padStart(3)} %  ${done}/${total}${tail}`.slice(0, columns - 1);
}
