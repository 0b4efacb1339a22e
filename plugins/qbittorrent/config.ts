/** `[qbittorrent]` */
import { isAbsolute } from "node:path";
import { type Static, Type } from "typebox";
import { integer, tables, text } from "../../src/lib/setting.ts";

export const qbittorrentConfig = Type.Object({
  base_url: text({
    env: "ANICARGO_QBITTORRENT_BASE_URL",
    default: "http://127.0.0.1:8080",
    description: "Where its WebUI listens",
    expected: "an http or https URL without user and password",
    check: (value) => {
      const url = URL.parse(value);
      return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
    },
  }),
  username: text({
    env: "ANICARGO_QBITTORRENT_USERNAME",
    default: "",
    description: "Empty when the WebUI asks for no login from this machine",
  }),
  password: text({
    env: "ANICARGO_QBITTORRENT_PASSWORD",
    default: "",
    description: "The password of that user",
    secret: true,
  }),
  api_key: text({
    env: "ANICARGO_QBITTORRENT_API_KEY",
    default: "",
    description: "Instead of user and password: qBittorrent 5.2 and later",
    secret: true,
  }),
  download_dir: text({
    env: "ANICARGO_QBITTORRENT_DOWNLOAD_DIR",
    default: "",
    // Not a path of this machine: it is handed on as it is.
    description: "The save path given to qBittorrent, as it sees it; empty: its own default",
  }),
  category: text({
    env: "ANICARGO_QBITTORRENT_CATEGORY",
    default: "",
    description: "Take in torrents of this category, and those that anicargo added; empty: of every category",
  }),
  sync_interval_secs: integer({
    env: "ANICARGO_QBITTORRENT_SYNC_INTERVAL_SECS",
    default: 60,
    minimum: 0,
    maximum: 2_147_483,
    description: "Seconds from one look for completed torrents to the next; 0: only when asked to",
  }),
  hook_token: text({
    env: "ANICARGO_QBITTORRENT_HOOK_TOKEN",
    default: "",
    description: "A secret of your own for POST /api/qbittorrent/completed, which qBittorrent calls on completion",
    secret: true,
    expected: "nothing, or at least 16 letters, digits and signs without spaces (`openssl rand -hex 16` makes one)",
    check: (value) => value === "" || /^[!-~]{16,}$/.test(value),
  }),
  path_map: tables(
    Type.Object(
      {
        from: text({ description: "As qBittorrent sees it", minLength: 1 }),
        to: text({ description: "As this machine does", expected: "an absolute path", check: isAbsolute }),
      },
      { additionalProperties: false },
    ),
    {
      default: [],
      description: "Folders as qBittorrent sees them (from) and as this machine does (to), where the two differ",
      example: [{ from: "/downloads", to: "/srv/anime" }],
    },
  ),
});

export type QbittorrentConfig = Static<typeof qbittorrentConfig>;

/** Keys that say nothing about whether there is a qBittorrent. */
const HOW_OFTEN: ReadonlySet<string> = new Set(["sync_interval_secs"]);

/**
 * Whether somebody has set up a qBittorrent here. Without a word about it nobody is asked by itself: most machines have none, and
 * what listens at the default address may be something else.
 */
export const isSetUp = (config: QbittorrentConfig): boolean =>
  Object.entries(qbittorrentConfig.properties).some(
    ([key, schema]) =>
      !HOW_OFTEN.has(key) &&
      String(config[key as keyof QbittorrentConfig]) !== String((schema as { default?: unknown }).default),
  );
