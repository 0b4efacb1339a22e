/** Reads magnet links: only what names a torrent and its trackers goes on to qBittorrent (HARDENING S16). */
import { Unprocessable } from "../../src/plugin.ts";

export interface Magnet {
  /** As qBittorrent names it: 40 lower-case hex digits. */
  hash: string;
  /** Rebuilt from what is known of it. */
  magnet: string;
  /** Empty when the link has none. */
  name: string;
}

const LONGEST_BYTES = 8192;
const TRACKERS: ReadonlySet<string> = new Set(["http:", "https:", "udp:", "wss:"]);

const invalid = (what: string) =>
  new Unprocessable(`${what}: give one line, magnet:?xt=urn:btih:HASH with what belongs to it`);

/** @throws Unprocessable */
export function parseMagnet(text: string): Magnet {
  if (Buffer.byteLength(text) > LONGEST_BYTES) throw invalid(`a magnet link has at most ${LONGEST_BYTES} bytes`);
  if (/[\0\r\n]/.test(text)) throw invalid("that is more than one magnet link");
  if (!/^magnet:\?/i.test(text)) throw invalid("that is not a magnet link");
  const parts = new URLSearchParams(text.slice("magnet:?".length));
  // `xt.1` and so on say the same.
  const topics = [...parts].filter(([key]) => /^xt(\.\d+)?$/i.test(key)).map(([, value]) => value);
  if (topics.length !== 1)
    throw invalid(topics.length === 0 ? "the magnet link has no hash" : "the magnet link has several hashes");
  const topic = readTopic(topics[0]!);
  if (!topic) throw invalid("the magnet link's hash is not one of BitTorrent's");

  const name = onOneLine(parts.get("dn") ?? "");
  const trackers = [...new Set(parts.getAll("tr"))].filter(isTracker);
  const rebuilt = [
    `magnet:?xt=${topic.urn}`,
    ...(name === "" ? [] : [`dn=${encodeURIComponent(name)}`]),
    ...trackers.map((tracker) => `tr=${encodeURIComponent(tracker)}`),
  ];
  return { hash: topic.hash, magnet: rebuilt.join("&"), name };
}

function readTopic(topic: string): { urn: string; hash: string } | null {
  const [, hex, base32, v2] =
    /^urn:(?:btih:(?:([0-9a-f]{40})|([a-z2-7]{32}))|btmh:1220([0-9a-f]{64}))$/i.exec(topic) ?? [];
  const v1 = hex ?? (base32 && hexOfBase32(base32));
  if (v1) return { urn: `urn:btih:${v1.toLowerCase()}`, hash: v1.toLowerCase() };
  if (v2) return { urn: `urn:btmh:1220${v2.toLowerCase()}`, hash: v2.slice(0, 40).toLowerCase() };
  return null;
}

/** RFC 4648; 32 digits of five bits are 40 of four. */
function hexOfBase32(text: string): string {
  let bits = 0n;
  for (const digit of text.toLowerCase())
    bits = (bits << 5n) | BigInt("abcdefghijklmnopqrstuvwxyz234567".indexOf(digit));
  return bits.toString(16).padStart(40, "0");
}

const onOneLine = (text: string): string => text.replace(/[\0-\x1f\x7f]+/g, " ").trim();

const isTracker = (text: string): boolean =>
  !/[\0-\x20\x7f]/.test(text) && TRACKERS.has(URL.parse(text)?.protocol ?? "");
