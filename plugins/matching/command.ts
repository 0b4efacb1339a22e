/** `anicargo match`. */
import {
  AppError,
  type Core,
  command,
  EXIT,
  type Job,
  type OpenCore,
  Unavailable,
  UsageError,
} from "../../src/plugin.ts";
import type { MatchPayload } from "./limits.ts";
import { isWaitingLine, type MatchResult, summaryOf } from "./match-result.ts";
import { enqueueAutoMatch, standingOf } from "./service.ts";

export const matchCommand = (open: OpenCore) =>
  command({
    description: "Finds out which Bangumi subject and episode each file is, like the auto-match job",
    examples: ["match", "match --json", "match --min-confidence 0.95"],
    args: {
      limit: { type: "string", description: "Candidates kept for a file, 1 to 100 (8)", valueHint: "N" },
      "min-candidate-score": { type: "string", description: "Candidates below it are dropped (0.5)", valueHint: "X" },
      "min-confidence": { type: "string", description: "Matches below it are left to a person (0.9)", valueHint: "X" },
    },
    run: ({ args, json, terminal }) => {
      const payload: MatchPayload = {
        limit: numberIn("limit", args.limit, /^\d{1,3}$/, [1, 100]),
        min_candidate_score: numberIn("min-candidate-score", args["min-candidate-score"], DECIMAL, [0, 1]),
        min_confidence: numberIn("min-confidence", args["min-confidence"], DECIMAL, [0, 1]),
      };
      return open(async ({ core, finish }) => {
        const { id, created } = await enqueueAutoMatch(core.jobs, payload);
        if (!created) terminal.note("an auto-match is under way already, waiting for it");
        const job = await endOf(core.jobs, id, (onProgress) =>
          finish(id, (progress) => {
            onProgress();
            terminal.progress(progress);
          }),
        );
        const waits = job.status === "retry";
        if (!waits && job.status !== "done")
          throw new AppError(`the match failed: ${job.last_error}`, 500, EXIT.failed);
        const result = waits
          ? await standingOf(core.sql, { skipped: 0, failed: 0 })
          : (job.result as unknown as MatchResult);
        // PostgreSQL keeps JSON objects in an order of its own.
        const { scanned, candidates, matched, skipped, unknown, failed } = result;
        if (json) terminal.printJson({ scanned, candidates, matched, skipped, unknown, ...(failed && { failed }) });
        else terminal.print(summaryOf(result));
        if (waits) throw new Unavailable(job.last_error!);
        if (failed) terminal.note(`could not be matched because of a bug, see above: ${failed}`);
        return failed ? EXIT.someFailed : EXIT.done;
      });
    },
  });

const DECIMAL = /^(\d+(\.\d*)?|\.\d+)$/;

function numberIn(
  flag: string,
  text: string | undefined,
  form: RegExp,
  [least, most]: readonly [number, number],
): number | undefined {
  if (text === undefined) return;
  const number = form.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${flag}: expected a number from ${least} to ${most}`);
}

const LOOK_MS = 250;

/**
 * The job when it has ended, or when it has begun to wait for Bangumi: a person at a terminal is told, and need not stay.
 * @param finish see `Opened.finish`; calls back at every progress
 */
async function endOf(jobs: Core["jobs"], id: string, finish: (onProgress: () => void) => Promise<Job>): Promise<Job> {
  // What it was waiting for before we came is not news.
  let begun = false;
  let over = false;
  const waits = async (): Promise<Job> => {
    while (!over) {
      const job = begun ? await jobs.get(id) : null;
      if (job?.status === "retry" && isWaitingLine(job.last_error)) return job;
      await Bun.sleep(LOOK_MS);
    }
    throw new Error("the job has ended");
  };
  try {
    return await Promise.race([finish(() => (begun = true)), waits()]);
  } finally {
    over = true;
  }
}
