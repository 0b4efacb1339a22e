/** The sections of the core. A plugin brings its own; both are made of the words of `lib/setting.ts`. */
import { type Static, Type } from "typebox";
import { LEVELS } from "../lib/level.ts";
import { choice, integer, optionalText, text, toggle } from "../lib/setting.ts";
import { serverSection } from "./server-section.ts";

const mediaSection = Type.Object({
  media_dir: optionalText({
    env: "ANICARGO_MEDIA_DIR",
    description: "The library folder, scanned recursively",
    defaultText: "none, it must be set",
    example: "/srv/anime",
    minLength: 1,
    path: true,
  }),
  cache_dir: text({
    env: "ANICARGO_CACHE_DIR",
    description: "HLS output and other files that can be made again",
    defaultText: ".cache beside this file, else cache under db.data_dir",
    example: ".cache",
    minLength: 1,
    path: true,
  }),
});

const dbSection = Type.Object({
  database_url: optionalText({
    env: "ANICARGO_DATABASE_URL",
    description: "An external PostgreSQL, 14 or later",
    defaultText: "none, the embedded PostgreSQL is used",
    example: "postgres://anicargo:password@localhost:5432/anicargo",
    secret: true,
    expected: "a postgres:// URL such as postgres://user:password@host:5432/database",
    // Not `URL.parse`: several hosts and socket folders are fine for PostgreSQL and not for the URL standard.
    check: (value) => /^postgres(ql)?:\/\/\S+$/.test(value),
  }),
  max_connections: integer({
    env: "ANICARGO_DB_MAX_CONNECTIONS",
    default: 5,
    minimum: 1,
    maximum: 1000,
    description: "Database connections in the pool",
  }),
  data_dir: text({
    env: "ANICARGO_DATA_DIR",
    description: "The embedded database and the secrets that are made at the first start",
    defaultText: "$STATE_DIRECTORY, /var/lib/anicargo as root, else $XDG_DATA_HOME/anicargo",
    example: "/var/lib/anicargo",
    minLength: 1,
    path: true,
  }),
});

const authSection = Type.Object({
  jwt_secret: text({
    env: "ANICARGO_JWT_SECRET",
    default: "dev-secret",
    description: "Signs the login tokens; this value or an empty one is replaced by a random one, made once and kept",
    secret: true,
  }),
  token_ttl_secs: integer({
    env: "ANICARGO_TOKEN_TTL_SECS",
    default: 3600,
    minimum: 1,
    maximum: 315_360_000,
    description: "How long a login lasts, in seconds",
  }),
  admin_user: text({
    env: "ANICARGO_ADMIN_USER",
    default: "admin",
    minLength: 1,
    description: "The administrator, created at start when missing",
  }),
  admin_password: text({
    env: "ANICARGO_ADMIN_PASSWORD",
    default: "adminpwd",
    minLength: 1,
    description: "Their password; this value works from this machine only",
    secret: true,
  }),
  invite_code: text({
    env: "ANICARGO_INVITE_CODE",
    default: "invitecode",
    minLength: 1,
    description: "Needed to register; this value works from this machine only",
    secret: true,
  }),
});

const loggingSection = Type.Object({
  enabled: toggle({
    env: "ANICARGO_LOG_ENABLED",
    default: false,
    description: "Whether log files are written; the terminal is always logged to",
  }),
  path: text({
    env: "ANICARGO_LOG_PATH",
    default: "~/.cache/anicargo/logs",
    minLength: 1,
    description: "The folder of the log files",
    path: true,
  }),
  level: choice(LEVELS, {
    env: "ANICARGO_LOG_LEVEL",
    default: "info",
    description: "The least that is logged: error, warn, info, debug or trace",
  }),
  max_total_mb: integer({
    env: "ANICARGO_LOG_MAX_MB",
    default: 200,
    minimum: 1,
    maximum: 1_000_000,
    description: "Megabytes that the log files may take together; the oldest go first",
  }),
});

export const coreSections = {
  media: mediaSection,
  db: dbSection,
  auth: authSection,
  server: serverSection,
  logging: loggingSection,
};

/** The core's settings as everything else sees them: paths absolute, lists as lists, defaults filled in. */
export type CoreConfig = { [Name in keyof typeof coreSections]: Static<(typeof coreSections)[Name]> };
