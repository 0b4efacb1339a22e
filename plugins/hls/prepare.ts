/**
 * Makes the scripts of the player page: `build/watch.js` from `page/player.js`, and `build/jassub.js`, the worker that draws styled
 * subtitles. `scripts/prepare.ts` runs it.
 */
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");

const SCRIPTS = {
  "watch.js": join(import.meta.dir, "page/player.js"),
  "jassub.js": join(ROOT, "node_modules/jassub/dist/worker/worker.js"),
};

/**
 * Parts of JASSUB that stay out: a stand-in for `requestVideoFrameCallback`, which is under the GPL and which every browser since 2024
 * can do without; and the finder of fonts in the internet, since the page asks nobody but its own server.
 */
const LEFT_OUT: Record<string, string> = {
  "rvfc-polyfill": "export {};",
  "lfa-ponyfill": "export const queryRemoteFonts = async () => [];",
};

const leaveOut: Bun.BunPlugin = {
  name: "leave-out",
  setup(build) {
    build.onResolve({ filter: /^(rvfc-polyfill|lfa-ponyfill)$/ }, ({ path }) => ({ path, namespace: "left-out" }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({ contents: LEFT_OUT[path]!, loader: "js" }));
  },
};

/** @returns what was done, for people */
export async function prepare(folder = join(ROOT, "build")): Promise<string> {
  await mkdir(folder, { recursive: true });
  const sizes = await Promise.all(
    Object.entries(SCRIPTS).map(async ([name, entry]) => {
      const built = await Bun.build({
        entrypoints: [entry],
        target: "browser",
        format: "esm",
        minify: true,
        plugins: [leaveOut],
      });
      const script = await built.outputs[0]!.text();
      // A reader never sees half a file: another process may be importing it.
      const temporary = join(folder, `${name}.${process.pid}.tmp`);
      await Bun.write(temporary, script);
      await rename(temporary, join(folder, name));
      return `${name} ${Math.ceil(script.length / 1024)} kB`;
    }),
  );
  return `player page: ${sizes.join(", ")}`;
}
