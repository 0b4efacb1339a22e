import { describe, expect, test } from "bun:test";
import { completionOf } from "../../../plugins/qbittorrent/completion.ts";
import type { Torrent } from "../../../plugins/qbittorrent/model.ts";

const torrent = (state: string, rest: Partial<Torrent> = {}) =>
  completionOf({ state, progress: 1, amountLeft: 0, ...rest } as Torrent);

test.each(["uploading", "stalledUP", "pausedUP", "stoppedUP", "queuedUP", "forcedUP"])("%s is complete", (state) => {
  expect(torrent(state)).toBe("complete");
});

test.each(["checkingUP", "checkingResumeData", "checkingDL", "moving"])("Q5: %s waits, and passes", (state) => {
  expect(torrent(state)).toMatchObject({ passes: true });
});

test.each(["missingFiles", "error", "somethingNew"])("Q5: %s waits until somebody does something", (state) => {
  expect(torrent(state)).toMatchObject({ passes: false });
});

describe("the numbers must agree", () => {
  test.each<[string, Partial<Torrent>]>([
    ["progress below 1", { progress: 0.999 }],
    ["bytes left", { amountLeft: 1 }],
  ])("%s: unfinished, whatever the state", (_kind, rest) => {
    expect(torrent("stalledUP", rest)).toBe("unfinished");
  });
});

test.each(["metaDL", "downloading", "stalledDL", "pausedDL", "stoppedDL", "queuedDL", "allocating"])(
  "%s with bytes left is unfinished",
  (state) => {
    expect(torrent(state, { progress: 0.5, amountLeft: 10 })).toBe("unfinished");
  },
);
