declare module "anitomyscript/build/anitomyscript.js" {
  /** Emscripten's factory; what it returns is described where it is used. */
  export default function factory<Native>(options: { wasmBinary: Uint8Array }): {
    then(use: (native: Native) => void): void;
  };
}
