import { definePlugin } from "../../src/plugin.ts";
import { qbittorrentConfig } from "./config.ts";

/** Knows its settings so far, so that one configuration file serves this version and the next. */
export const qbittorrent = definePlugin({ name: "qbittorrent", config: qbittorrentConfig, setup: () => ({}) });
