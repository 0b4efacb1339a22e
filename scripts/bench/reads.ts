/**
 * Measures ways of reading parts of a large file, as four viewers do: time of a read, and how long the event loop waits.
 *
 * bun scripts/bench/reads.ts FILE
 *
 * FILE should have some hundred megabytes; "cold" drops it from the page cache before (`dd iflag=nocache`, Linux).
 */
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { machine } from "./machine.ts";
import { quantile } from "./measure.ts";

const PART = 4 << 20;
const CLIENTS = 4;
const READS = 25;

type Read = (offset: number) => Promise<Uint8Array>;
interface Way {
  read: Read;
  close(): unknown;
}

const ways: Record<string, (path: string) => Promise<Way>> = {
  async "FileHandle.read"(path) {
    const file = await open(path);
    const read: Read = async (offset) => {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(PART), 0, PART, offset);
      return buffer.subarray(0, bytesRead);
    };
    return { read, close: () => file.close() };
  },
  async "Bun.file().slice()"(path) {
    return {
      read: (offset) =>
        Bun.file(path)
          .slice(offset, offset + PART)
          .bytes(),
      close() {},
    };
  },
  async "readSync in a Worker"(path) {
    const worker = new Worker(import.meta.path, { argv: [path] });
    const waiting: ((bytes: Uint8Array) => void)[] = [];
    worker.on("message", (bytes: Uint8Array) => waiting.shift()!(bytes));
    const read: Read = (offset) =>
      new Promise((done) => {
        waiting.push(done);
        worker.postMessage(offset);
      });
    return { read, close: () => worker.terminate() };
  },
  async "readSync (blocks)"(path) {
    const fd = openSync(path, "r");
    const read: Read = async (offset) => {
      const buffer = Buffer.allocUnsafeSlow(PART);
      return buffer.subarray(0, readSync(fd, buffer, 0, PART, offset));
    };
    return { read, close: () => closeSync(fd) };
  },
};

if (isMainThread) await main(resolve(process.argv[2]!));
else serveReads(openSync(process.argv[2]!, "r"));

function serveReads(fd: number): void {
  parentPort!.on("message", (offset: number) => {
    const buffer = new Uint8Array(PART);
    const bytes = buffer.subarray(0, readSync(fd, buffer, 0, PART, offset));
    parentPort!.postMessage(bytes, [buffer.buffer]);
  });
}

async function main(path: string): Promise<void> {
  console.log(machine());
  console.log("way                     cache   read p50   p95 ms   event loop late p99   max ms   MB/s");
  for (const cache of ["warm", "cold"])
    for (const [name, make] of Object.entries(ways)) {
      const way = await make(path);
      await measure(`${name.padEnd(23)} ${cache}`, path, cache === "cold", way.read);
      await way.close();
    }
}

async function measure(name: string, path: string, cold: boolean, read: Read): Promise<void> {
  const places = Math.floor(Bun.file(path).size / PART);
  // The same places in the same order for every way; a place apart for each client and read.
  const place = (client: number, turn: number) => (((client * READS + turn) * 37) % places) * PART;
  if (cold) Bun.spawnSync(["dd", `if=${path}`, "iflag=nocache", "count=0", "status=none"]);
  else
    for (let at = 0; at < places; at++)
      await Bun.file(path)
        .slice(at * PART, (at + 1) * PART)
        .bytes();
  const times: number[] = [];
  const lateness: number[] = [];
  let expected = performance.now() + 2;
  const timer = setInterval(() => {
    const now = performance.now();
    lateness.push(Math.max(0, now - expected));
    expected = now + 2;
  }, 2);
  const began = performance.now();
  const client = async (number: number) => {
    for (let turn = 0; turn < READS; turn++) {
      const start = performance.now();
      const bytes = await read(place(number, turn));
      if (bytes.length !== PART) throw new Error("a short read");
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  const secs = (performance.now() - began) / 1000;
  await new Promise((done) => setTimeout(done, 5));
  clearInterval(timer);
  const ms = (value: number) => value.toFixed(1);
  const numbers = [quantile(times), quantile(times, 0.95), quantile(lateness, 0.99), Math.max(...lateness)].map(ms);
  const speed = Math.round((CLIENTS * READS * PART) / 2 ** 20 / secs);
  console.log(
    `${name}  ${numbers[0]!.padStart(9)} ${numbers[1]!.padStart(8)} ${numbers[2]!.padStart(21)} ${numbers[3]!.padStart(8)} ${`${speed}`.padStart(6)}`,
  );
}
