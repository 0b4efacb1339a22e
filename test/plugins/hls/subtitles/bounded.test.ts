import { expect, test } from "bun:test";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { joinBytes, joinText } from "../../../../plugins/hls/subtitles/bounded.ts";

/** Never ends; to be told so, one has to stop asking. */
function* endless<T>(part: T): Generator<T> {
  while (true) yield part;
}

test("S41: text is not made beyond its bound", () => {
  expect(() => joinText(endless("line\n"), "utf8", 1000)).toThrow(Damaged);
  expect(Buffer.from(joinText(["é", "x"], "utf8", 2)).toString()).toBe("éx");
});

test("S41: nor are bytes", () => {
  expect(() => joinBytes(endless(new Uint8Array(10)), 1000)).toThrow(Damaged);
  expect(joinBytes([new Uint8Array([1]), new Uint8Array([2])], 2)).toEqual(Buffer.from([1, 2]));
});
