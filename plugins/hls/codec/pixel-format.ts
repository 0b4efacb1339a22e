export interface Pixels {
  /** Gray, or how much of the colour planes is there. */
  chroma: "400" | "420" | "422" | "440" | "444";
  bitDepth: number;
  /** The three planes are green, blue and red. */
  rgb?: boolean;
  /** H.264 and HEVC only: full-range 8-bit pictures have names of their own, like `yuvj420p`. */
  full?: boolean;
}

/** By `chroma_format_idc` of H.264 and HEVC. */
export const CHROMA = ["400", "420", "422", "444"] as const;

/** ffmpeg's name for how pixels lie: `yuv420p`, `yuv422p10le`, `gray`, `gbrp`. */
export function pixelFormat({ chroma, bitDepth, rgb = false, full = false }: Pixels): string {
  const depth = bitDepth > 8 ? `${bitDepth}le` : "";
  if (chroma === "400") return `gray${depth}`;
  if (rgb && chroma === "444") return `gbrp${depth}`;
  return `yuv${full && bitDepth === 8 ? "j" : ""}${chroma}p${depth}`;
}
