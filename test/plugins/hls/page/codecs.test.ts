import { expect, test } from "bun:test";
import { capabilitiesOf, capabilityNames } from "../../../../plugins/hls/capabilities.ts";
import { supportedCodecs } from "../../../../plugins/hls/page/codecs.ts";

/** What the server makes of what the page sends. */
const understood = (supports: (type: string) => boolean) =>
  capabilityNames(capabilitiesOf(supportedCodecs(supports).join(","), "Mozilla/5.0"));

test("a browser that takes everything is asked about every kind of track that the server tells apart", () => {
  // Open GOPs cannot be asked about; Chromium says yes to the codec and then stops.
  expect(understood(() => true)).toBe("h264,h264-10,hevc,hevc-10,av1,av1-10,vp9,vp9-10,aac,flac,opus");
});

test("each kind is asked about by a type of its own", () => {
  expect(understood((type) => !/avc1\.6E|hvc1|av01.*\.10"|fLaC/.test(type))).toBe("h264,av1,vp9,vp9-10,aac,opus");
});

test("sound is not asked about as picture", () => {
  expect(supportedCodecs((type) => type.startsWith("audio/mp4"))).toEqual(["mp4a.40.2", "fLaC", "Opus"]);
});
