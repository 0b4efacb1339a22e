import { type QbittorrentConfig, qbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";

/** The section with all its defaults, and what the test wants otherwise. */
export function qbittorrentSettings(overrides: Partial<QbittorrentConfig> = {}): QbittorrentConfig {
  const defaults = Object.entries(qbittorrentConfig.properties).map(([key, schema]) => [
    key,
    (schema as { default?: unknown }).default,
  ]);
  return { ...Object.fromEntries(defaults), ...overrides } as QbittorrentConfig;
}
