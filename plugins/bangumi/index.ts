import { definePlugin } from "../../src/plugin.ts";
import { bangumiConfig } from "./config.ts";

/** Knows its settings so far, so that one configuration file serves this version and the next. */
export const bangumi = definePlugin({ name: "bangumi", config: bangumiConfig, setup: () => ({}) });
