/** Encodes a film in a process that a test can kill. */
import { heads, worksOf } from "./works.ts";

const { video } = await worksOf(process.argv[2]!);
await heads({ config: { transcode_preset: "veryslow" } }).segment(video, 0);
await new Promise(() => {});
