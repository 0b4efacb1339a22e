/** Anitomy, as the npm package `anitomyscript` carries it: C++ compiled to WebAssembly, loaded at the first use. */
import factory from "anitomyscript/build/anitomyscript.js";
import wasmPath from "anitomyscript/build/anitomyscript.wasm" with { type: "file" };

/** What Anitomy saw in a name: `{ AnimeTitle: ["…"], EpisodeNumber: ["01", "02"] }`, in its own words. */
export type Elements = Record<string, string[]>;

export type Anitomy = (name: string) => Elements;

/** No file system gives a file a longer name; Anitomy's time grows with the square of the length. */
const LONGEST_NAME = 1024;
const PREFIX = "kElement";

let loading: Promise<Anitomy> | undefined;

/** Loads it once a process: about 20 ms, then about 40 µs a name. */
export function loadAnitomy(): Promise<Anitomy> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Anitomy> {
  const wasmBinary = await Bun.file(wasmPath).bytes();
  const before = {
    exception: process.listeners("uncaughtException"),
    rejection: process.listeners("unhandledRejection"),
  };
  const native = await new Promise<Native>((resolve) => {
    // What comes back has a `then` that calls back with itself: awaiting it would never end.
    factory<Native>({ wasmBinary }).then((module) => {
      delete module.then;
      resolve(module);
    });
  });
  // Its runtime rethrows for the whole process, which would make every error of ours a crash.
  for (const listener of process.listeners("uncaughtException"))
    if (!before.exception.includes(listener)) process.off("uncaughtException", listener);
  for (const listener of process.listeners("unhandledRejection"))
    if (!before.rejection.includes(listener)) process.off("unhandledRejection", listener);

  const categories = Object.entries(native.ElementCategory).filter(
    ([key]) => key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}Iterate`),
  );
  return (name) => {
    const found = native.parseSingle(name.slice(0, LONGEST_NAME).toWellFormed());
    try {
      const elements: Elements = {};
      for (const [key, category] of categories) {
        const values = valuesOf(found, category);
        if (values.length > 0) elements[key.slice(PREFIX.length)] = values;
      }
      return elements;
    } finally {
      found.delete();
    }
  };
}

function valuesOf(found: NativeElements, category: unknown): string[] {
  const count = found.count(category);
  if (count === 0) return [];
  if (count === 1) return [found.get(category).toWellFormed()];
  const all = found.get_all(category);
  try {
    return Array.from({ length: all.size() }, (_, index) => all.get(index).toWellFormed());
  } finally {
    all.delete();
  }
}

/** The parts of the module that are used. Its objects live in its own memory until `delete`. */
interface Native {
  then?: unknown;
  parseSingle(name: string): NativeElements;
  ElementCategory: Record<string, unknown>;
}

interface NativeElements {
  count(category: unknown): number;
  get(category: unknown): string;
  get_all(category: unknown): { size(): number; get(index: number): string; delete(): void };
  delete(): void;
}
