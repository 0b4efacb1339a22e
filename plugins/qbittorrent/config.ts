/** `[qbittorrent]` */
import { type Static, Type } from "typebox";
import { tables, text } from "../../src/lib/setting.ts";

export const qbittorrentConfig = Type.Object({
  base_url: text({
    env: "ANICARGO_QBITTORRENT_BASE_URL",
    default: "http://127.0.0.1:8080",
    description: "Where its WebUI listens",
    expected: "an http or https URL",
    check: (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
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
  path_map: tables(
    Type.Object(
      { from: Type.String({ minLength: 1 }), to: Type.String({ minLength: 1 }) },
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
