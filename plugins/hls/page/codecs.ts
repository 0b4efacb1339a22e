/** What to ask a browser for: a real codec string (RFC 6381) for each kind of track that anime comes in and that can be cut. */

const VIDEO = [
  "avc1.640028", // H.264 High
  "avc1.6E0028", // High 10, "Hi10P"
  "hvc1.1.6.L120.90", // HEVC Main
  "hvc1.2.4.L120.90", // Main 10
  "av01.0.08M.08",
  "av01.0.08M.10",
  "vp09.00.40.08",
  "vp09.02.40.10",
];
const AUDIO = ["mp4a.40.2", "fLaC", "Opus"];

/**
 * What the player takes, in the words of `?codecs=`.
 * @param supports `MediaSource.isTypeSupported`
 */
export function supportedCodecs(supports: (type: string) => boolean): string[] {
  return [
    ...VIDEO.filter((codec) => supports(`video/mp4; codecs="${codec}"`)),
    ...AUDIO.filter((codec) => supports(`audio/mp4; codecs="${codec}"`)),
  ];
}
