/** All encoders that run, and what of them is shared: one head for all who read a track at one place. */

import { within } from "../../../src/lib/within.ts";
import { AppError, EXIT, type Logger, Unavailable } from "../../../src/plugin.ts";
import type { HlsConfig } from "../config.ts";
import type { Tools } from "../tools.ts";
import type { AudioTrack } from "../track.ts";
import { createEncoderChoice } from "./choose-encoder.ts";
import type { MadeName } from "./cutter.ts";
import type { Encoder } from "./encoders.ts";
import { Displaced, type Head, Lost, startHead, type WaitOptions } from "./head.ts";
import { createPictureCutter } from "./picture.ts";
import { pictureArgs } from "./picture-args.ts";
import { headFor, roomIn, victimOf } from "./places.ts";
import { startEncoding } from "./process.ts";
import { createRecent } from "./recent.ts";
import { createSoundCutter, soundInit } from "./sound.ts";
import { soundArgs } from "./sound-args.ts";
import type { Work } from "./work.ts";

/** Of pictures: so that what a reader leaves behind is soon done. Sound costs next to nothing. */
const HEAD_SEGMENTS = 20;
/** Heads of sound for each one of pictures. */
const SOUNDS = 2;
const ATTEMPTS = 3;
const STALL_MS = 15_000;
const IDLE_MS = 30_000;
const QUEUE_MS = 15_000;
const CLOSE_MS = 2_000;
const RETRY_SECS = 5;
/** Bytes: a minute of two films. */
const RECENT_BYTES = 96 * 2 ** 20;
const INIT_BYTES = 2 ** 20;

export interface HeadsOptions {
  config: Pick<
    HlsConfig,
    "transcode_preset" | "transcode_height" | "transcode_bitrate" | "hardware_encoder" | "max_hls_concurrency"
  >;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** @throws Unavailable */
  tools(): Tools;
  /** A segment, or `init`, is made, asked for or not: to be kept. Must not throw. */
  onMade(work: Work, name: MadeName, bytes: Uint8Array): void;
  stallMs?: number;
  idleMs?: number;
  queueMs?: number;
}

export interface Heads {
  /**
   * A media segment.
   * @param number of the span
   * @throws Unavailable when as many run as may; AppError when ffmpeg fails; the signal's reason
   */
  segment(work: Work, number: number, options?: WaitOptions): Promise<Uint8Array>;
  /**
   * The initialization segment.
   * @param near the segment that will be asked for next, as far as that is known: there the encoder begins
   */
  init(work: Work, near?: number, options?: WaitOptions): Promise<Uint8Array>;
  /** Somebody reads this segment, which did not come from here: the head that is ahead of them goes on. */
  note(work: Work, number: number): void;
  /** Ends every ffmpeg; later calls throw Unavailable. */
  close(): Promise<void>;
}

interface Request {
  work: Work;
  name: MadeName;
  /** Where a new head begins. */
  at: number;
  program: string;
  encoder: Encoder;
  options: WaitOptions;
  resolve(made: Promise<Uint8Array>): void;
  reject(error: unknown): void;
}

export function createHeads(options: HeadsOptions): Heads {
  const { config, log, stallMs = STALL_MS, idleMs = IDLE_MS, queueMs = QUEUE_MS } = options;
  const choice = createEncoderChoice(config, log);
  const recent = createRecent(RECENT_BYTES);
  const inits = createRecent(INIT_BYTES);
  const heads = new Set<Head>();
  const queue = new Set<Request>();
  let closed = false;
  let later: Timer | undefined;

  const kept = (work: Work, name: MadeName) =>
    name === "init" ? inits.get(work.key) : recent.get(`${work.key} ${name}`);

  async function obtain(work: Work, name: MadeName, at: number, asked: WaitOptions): Promise<Uint8Array> {
    let lost: Lost | undefined;
    for (let failures = 0; failures < ATTEMPTS; ) {
      const program = options.tools().ffmpeg;
      const encoder = await choice.current(program);
      asked.signal?.throwIfAborted();
      if (closed) throw new Unavailable("the server is being stopped");
      const bytes = kept(work, name);
      if (bytes) {
        if (name !== "init") note(work, name);
        return bytes;
      }
      try {
        return await placed({ work, name, at, program, encoder, options: asked });
      } catch (error) {
        if (error instanceof Displaced) continue;
        if (!(error instanceof Lost)) throw error;
        lost = error;
        failures++;
      }
    }
    throw new AppError(`ffmpeg failed (${lost?.how}); the log has what it said`, 500, EXIT.failed, { cause: lost });
  }

  /** Waits for a head that serves the request, and for what it makes. */
  async function placed(wish: Omit<Request, "resolve" | "reject">): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const request: Request = { ...wish, resolve, reject };
    const { signal, patient } = wish.options;
    const leave = () => reject(signal?.reason);
    const timer = patient ? undefined : setTimeout(() => reject(tooMany()), queueMs);
    queue.add(request);
    signal?.addEventListener("abort", leave, { once: true });
    const free = () => {
      clearTimeout(timer);
      queue.delete(request);
      signal?.removeEventListener("abort", leave);
    };
    request.resolve = (made) => {
      free();
      resolve(made);
    };
    pump();
    return promise.finally(free);
  }

  /** Gives places to those who wait for one. */
  function pump(): void {
    clearTimeout(later);
    const waiting = [...queue].sort((a, b) => Number(a.options.patient ?? false) - Number(b.options.patient ?? false));
    for (const request of waiting) {
      try {
        const head = headFor(heads, request.work, request.name) ?? place(request);
        // At once, or the place would be free for the next one.
        if (head) request.resolve(head.wait(request.name, request.options));
      } catch (error) {
        // The system starts no more processes.
        request.reject(error);
      }
    }
    for (const head of heads) head.steer(contested(head));
  }

  const contested = (head: Head): boolean =>
    queue.size > 0 || [...heads].some((other) => other !== head && other.wanted);

  function place(request: Request): Head | undefined {
    const { type } = request.work.track;
    const rivals = [...heads].filter(({ work }) => work.track.type === type);
    if (rivals.length >= config.max_hls_concurrency * (type === "audio" ? SOUNDS : 1)) {
      if (request.options.patient) return undefined;
      const now = performance.now();
      const victim = victimOf(rivals, now);
      if (!victim) {
        const room = roomIn(rivals, now);
        if (room !== null) later = setTimeout(pump, room);
        return undefined;
      }
      victim.kill();
    }
    return start(request);
  }

  function start({ work, at, program, encoder }: Request): Head {
    const range = { first: at, end: endOf(work, at) };
    const video = work.track.type === "video";
    const head: Head = startHead({
      ...{ work, range, stallMs, idleMs },
      encoding: startEncoding(program, video ? pictureArgs(work, range, encoder, config) : soundArgs(work, range)),
      cutter: video ? createPictureCutter(work, range) : createSoundCutter(work, range),
      onMade({ name, bytes }) {
        if (name === "init") inits.put(work.key, bytes);
        else recent.put(`${work.key} ${name}`, bytes);
        options.onMade(work, name, bytes);
      },
      onChange: soon,
      onEnd(failure) {
        heads.delete(head);
        if (failure) {
          log.error("ffmpeg ended too early", { path: work.file, how: failure.how, said: failure.said });
          if (head.next === range.first && video && encoder.name !== "software") choice.failed(encoder);
        }
        soon();
      },
    });
    heads.add(head);
    return head;
  }

  /** Where a new head ends: where another one began, at the latest. */
  function endOf(work: Work, first: number): number {
    const others = [...heads].filter((head) => head.work.key === work.key && head.range.first > first);
    const most = work.track.type === "video" ? first + HEAD_SEGMENTS : work.spans.length;
    return Math.min(most, work.spans.length, ...others.map(({ range }) => range.first));
  }

  let pumping = false;
  /** Once for all that changes together, and not in the middle of it. */
  function soon(): void {
    if (pumping) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      pump();
    });
  }

  function note(work: Work, number: number): void {
    for (const head of heads) {
      const { first, end } = head.range;
      if (head.work.key === work.key && first <= number && number < end) head.note(number);
    }
  }

  return {
    note,
    async segment(work, number, asked = {}) {
      if (!work.spans[number]) throw new RangeError(`no segment ${number}`);
      return obtain(work, number, number, asked);
    },
    async init(work, near = 0, asked = {}) {
      const { track } = work;
      if (track.type === "audio") return soundInit(track satisfies AudioTrack);
      return obtain(work, "init", near, asked);
    },
    async close() {
      closed = true;
      clearTimeout(later);
      for (const { reject } of queue) reject(new Unavailable("the server is being stopped"));
      const ending = [...heads].map((head) => {
        head.kill();
        return head.gone;
      });
      // One that waits for a dead disk cannot be ended.
      await within(Promise.all(ending), CLOSE_MS);
    },
  };
}

const tooMany = () =>
  new Unavailable("as many films are transcoded as may be: try again later, or raise server.max_hls_concurrency", {
    retryAfter: RETRY_SECS,
  });
