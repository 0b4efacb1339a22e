/** What a player can take, in a few words that fit into an address. Pure. */

/** Kinds of tracks that differ in who plays them. `open-gop`: starts at pictures that refer to earlier ones. */
const KINDS = [
  ...["h264", "h264-10", "hevc", "hevc-10", "av1", "av1-10", "vp9", "vp9-10", "open-gop"],
  ...["aac", "flac", "opus"],
] as const;
export type Kind = (typeof KINDS)[number];

export type Capabilities = ReadonlySet<Kind>;

/** What every player of the last fifteen years takes, and what is made of all else. */
export const EVERY_PLAYER: Capabilities = new Set<Kind>(["h264", "aac"]);
/** mpv and its kin. */
export const ANY_CODEC: Capabilities = new Set(KINDS);

/** Players that bring their own decoders; `Lavf` is how mpv and VLC fetch playlists through FFmpeg. */
const ALL_TAKING = /\b(mpv|libmpv|vlc|libvlc|lavf|kodi|infuse|mplayer|iina)\b/i;

/** Longer than the list of any browser; what is beyond it is not read. */
const MAX_CODECS = 64;

/**
 * @param codecs `?codecs=`: codec strings (RFC 6381) that `MediaSource.isTypeSupported` said yes to, or the words of
 *   {@link capabilityNames}; what is not known counts as nothing
 * @param userAgent of the request, for players that say nothing but take everything
 */
export function capabilitiesOf(codecs: string | undefined, userAgent: string | null): Capabilities {
  if (codecs === undefined) return ALL_TAKING.test(userAgent ?? "") ? ANY_CODEC : EVERY_PLAYER;
  const words = codecs.split(",", MAX_CODECS).map((word) => word.trim());
  if (words.includes("all")) return ANY_CODEC;
  // A player whose list lacks them could not play what an encoder makes either.
  const found = new Set([...EVERY_PLAYER, ...words.flatMap(kindsOf)]);
  return found.size === KINDS.length ? ANY_CODEC : new Set(KINDS.filter((kind) => found.has(kind)));
}

/** One text for equal capabilities, which {@link capabilitiesOf} reads back. */
export const capabilityNames = (capabilities: Capabilities): string =>
  capabilities.size === KINDS.length ? "all" : KINDS.filter((kind) => capabilities.has(kind)).join(",");

function kindsOf(word: string): Kind[] {
  const lower = word.toLowerCase();
  // A player that takes 10 bits takes 8.
  const known = KINDS.filter((kind) => kind === lower || `${kind}-10` === lower);
  if (known.length > 0) return known;
  const [family = "", ...details] = lower.split(".");
  switch (family) {
    case "avc1":
    case "avc3":
      // profile_idc 110 is High 10.
      return details[0]?.startsWith("6e") ? ["h264", "h264-10"] : ["h264"];
    case "hvc1":
    case "hev1":
      // general_profile_idc 2 is Main 10.
      return details[0] === "2" ? ["hevc", "hevc-10"] : ["hevc"];
    case "av01":
      return details[2] === "10" ? ["av1", "av1-10"] : ["av1"];
    case "vp09":
      return details[2] === "10" || details[0] === "02" ? ["vp9", "vp9-10"] : ["vp9"];
    case "vp9":
      return ["vp9"];
    case "mp4a":
      return details[0] === "40" ? ["aac"] : [];
    case "flac":
      return ["flac"];
    case "opus":
      return ["opus"];
    default:
      return [];
  }
}
