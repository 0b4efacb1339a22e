/** Keeps secrets out of what is logged and printed. */

const STARS = "***";

/** Looks like a JSON Web Token: three base64url parts, the first of them starting with `{"`. */
const JWT = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(bearer\s+)[^\s"',;]+/gi;
const QUERY_TOKEN = /([?&](?:token|access_token|api_key|apikey|password|sid)=)[^\s&#"']+/gi;
/** `/hls/<token>/<id>/…` and `/watch/<token>/<id>`; without a token the media id (16 hex digits) follows at once, and is worth reading. */
const HLS_TOKEN = /(\/(?:hls|watch)\/)(?![0-9a-f]{16}(?:[/?\s"']|$))[^/\s"'?#]+(?=\/)/g;
/** `/media/<token>/<id>/…` only: folders named `media` are common on a NAS. */
const MEDIA_TOKEN = /(\/media\/)[^/\s"'?#]+(?=\/[0-9a-f]{16}(?:[/?\s"']|$))/g;
/** The password of a URL; greedy up to the last `@` before the path, since people forget to escape theirs. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@"']*:)[^\s/"']*@/gi;

const SECRET_NAME =
  /(^|[^a-z])(password|passwd|passphrase|pwd|secret|token|api_?key|invite_?code|authorization|cookie|credentials?)($|[^a-z])/;

/** Masks everything in a text that can be told for a secret by its shape: tokens in URLs and headers, URL passwords. */
export const mask = (text: string): string =>
  text
    .replace(JWT, STARS)
    .replace(BEARER, `$1${STARS}`)
    .replace(QUERY_TOKEN, `$1${STARS}`)
    .replace(HLS_TOKEN, `$1${STARS}`)
    .replace(MEDIA_TOKEN, `$1${STARS}`)
    .replace(URL_PASSWORD, `$1${STARS}@`);

/** Whether a field's name says that its value is secret: `admin_password`, `apiKey`, `invite_code`, `Set-Cookie`. */
export const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
