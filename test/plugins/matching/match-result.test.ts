import { expect, test } from "bun:test";
import { isWaitingLine, resultOf, summaryOf, waitingLine } from "../../../plugins/matching/match-result.ts";

const standing = { files: 52, matched: 40, candidates: 3, unknown: 9 };

test("the summary is the one of the contract", () => {
  expect(summaryOf(resultOf(standing, 0, 0))).toBe("matched 40 of 52 files (3 need a look, 9 unknown)");
  expect(summaryOf(resultOf({ files: 1, matched: 0, candidates: 1, unknown: 0 }, 0, 0))).toBe(
    "matched 0 of 1 file (1 needs a look, 0 unknown)",
  );
});

test("failures are told only where there are some", () => {
  const result = { scanned: 52, matched: 40, candidates: 3, unknown: 9, skipped: 5 };
  expect(resultOf(standing, 5, 0)).toEqual(result);
  expect(resultOf(standing, 5, 2)).toEqual({ ...result, failed: 2 });
});

test("a line about waiting is known again, another one is not", () => {
  expect(waitingLine("Bangumi cannot be reached", 120)).toBe("Bangumi cannot be reached; 120 files wait for it");
  expect(isWaitingLine(waitingLine("No", 120))).toBeTrue();
  expect(isWaitingLine(waitingLine("No", 1))).toBeTrue();
  for (const other of [null, "", "internal error", "120 files wait for it, perhaps"]) {
    expect(isWaitingLine(other)).toBeFalse();
  }
});
