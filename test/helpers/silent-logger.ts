import type { Logger } from "../../src/log.ts";

const nothing = () => {};

/** For parts that must be given a logger by a test that does not look at it. */
export const silentLogger: Logger = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  child: () => silentLogger,
};
