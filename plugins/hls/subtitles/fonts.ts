/** Fonts that a file brings for its subtitles. Their names are the file's own text, so they are served under names of ours. */
import type { Attachment, ByteSource } from "../reader/model.ts";
import { Damaged } from "../reader/model.ts";

export interface Font {
  /** Unique in the file, and safe in an address: `3-arial_bold.ttf`. */
  name: string;
  mediaType: string;
  /** Bytes from the begin of the file. */
  offset: number;
  size: number;
}

type Kind = "ttf" | "otf" | "ttc";

const MEDIA_TYPES: Record<Kind, string> = { ttf: "font/ttf", otf: "font/otf", ttc: "font/collection" };
/** By subtype; programs have never agreed on it. */
const SUBTYPES: Record<string, Kind> = {
  ttf: "ttf",
  otf: "otf",
  sfnt: "ttf",
  collection: "ttc",
  "font-ttf": "ttf",
  "font-otf": "otf",
  "font-sfnt": "ttf",
  "x-font": "ttf",
  "x-font-ttf": "ttf",
  "x-font-otf": "otf",
  "x-truetype-font": "ttf",
  "x-font-truetype": "ttf",
  "x-font-opentype": "otf",
  "vnd.ms-opentype": "otf",
};
/** First four bytes. */
const MAGICS = ["\0\x01\0\0", "true", "OTTO", "ttcf"];

/** Releases with 150 exist. */
const MAX_FONTS = 500;
/** Bytes; the fullest Chinese fonts have 40 MiB. */
const MAX_SIZE = 64 * 2 ** 20;
const MAX_SLUG = 40;
/** Bytes that are in memory for one listener. */
const CHUNK = 256 * 1024;

/** What calls itself a font; {@link openFont} finds out whether it is one. */
export function fontsOf(attachments: readonly Attachment[]): Font[] {
  const fonts: Font[] = [];
  for (const [number, { name, mediaType, offset, size }] of attachments.entries()) {
    const kind = kindOf(name, mediaType);
    if (!kind || size < 4 || size > MAX_SIZE) continue;
    fonts.push({ name: servedName(number, name, kind), mediaType: MEDIA_TYPES[kind], offset, size });
    if (fonts.length === MAX_FONTS) break;
  }
  return fonts;
}

function kindOf(name: string, mediaType: string): Kind | null {
  const [, extension] = /\.(ttf|otf|ttc)$/i.exec(name) ?? [];
  if (extension) return extension.toLowerCase() as Kind;
  const [, subtype = ""] = /^(?:font|application)\/([\w.-]+)$/i.exec(mediaType.trim()) ?? [];
  return (Object.hasOwn(SUBTYPES, subtype.toLowerCase()) && SUBTYPES[subtype.toLowerCase()]) || null;
}

function servedName(number: number, name: string, kind: Kind): string {
  const slug = name
    .slice(0, 255)
    .replace(/\.\w+$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")
    .slice(0, MAX_SLUG);
  return `${number}${slug && `-${slug}`}.${kind}`;
}

/**
 * Its bytes, read as they are taken; ended where the file ends.
 * @param onEnd called once, when no more is read
 * @throws Damaged when what is there is no font
 */
export async function openFont(
  source: ByteSource,
  { offset, size }: Font,
  onEnd: () => void,
): Promise<ReadableStream<Uint8Array>> {
  let at = 0;
  const next = async () => {
    const bytes = await source.read(offset + at, Math.min(CHUNK, size - at));
    at = bytes.length === 0 ? size : at + bytes.length;
    return bytes;
  };
  try {
    let first: Uint8Array | null = await next();
    if (!MAGICS.includes(Buffer.from(first.subarray(0, 4)).toString("latin1"))) throw new Damaged("this is no font");
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const bytes = first ?? (await next());
            first = null;
            if (bytes.length > 0) controller.enqueue(bytes);
          } catch (error) {
            onEnd();
            throw error;
          }
          if (at < size) return;
          controller.close();
          onEnd();
        },
        cancel: onEnd,
      },
      { highWaterMark: 0 },
    );
  } catch (error) {
    onEnd();
    throw error;
  }
}
