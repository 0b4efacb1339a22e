import { expect, test } from "bun:test";
import { pgsSup } from "../../../../plugins/hls/subtitles/pgs-sup.ts";
import { line } from "./frames.ts";

const header = (ticks: number) => {
  const bytes = Buffer.alloc(10);
  bytes.write("PG");
  bytes.writeUInt32BE(ticks, 2);
  return bytes;
};

test("a segment that a frame does not hold to its end is left out, those before it stay", () => {
  const whole = new Uint8Array([0x16, 0, 2, 1, 2]);
  const made = pgsSup([
    line(1, null, new Uint8Array([...whole, 0x17, 0xff, 0xff, 1])),
    line(2, null, new Uint8Array([0x80, 0])),
    line(3, null, new Uint8Array([0x80, 0, 0])),
  ]);
  expect(made).toEqual(Buffer.concat([header(90_000), whole, header(270_000), Buffer.from([0x80, 0, 0])]));
});

test("times begin anew after 13 hours, and none is before zero", () => {
  const end = new Uint8Array([0x80, 0, 0]);
  const at = (secs: number) => Buffer.from(pgsSup([line(secs, null, end)])).readUInt32BE(2);
  expect([at(-1), at(47_721.858), at(47_722)]).toEqual([0, 2 ** 32 - 76, 12_704]);
});
