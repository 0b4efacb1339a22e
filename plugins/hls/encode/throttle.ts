/** Whether an encoder goes on or rests. Pure. */

export interface Situation {
  /** Who waits for a segment of it: a viewer, only a job, or nobody. */
  wanted: "now" | "later" | null;
  /** Whoever waited for it last went away before it came. */
  abandoned: boolean;
  /** Seconds that are made beyond what was asked for. */
  ahead: number;
  /** A viewer waits for a segment of another encoder: there are only so many processors. */
  contested: boolean;
  running: boolean;
}

const REST_SECS = 60;
const GO_ON_SECS = 30;

export function mayRun({ wanted, abandoned, ahead, contested, running }: Situation): boolean {
  if (wanted === "now") return true;
  if (contested) return false;
  if (wanted === "later") return true;
  if (abandoned || ahead >= REST_SECS) return false;
  return running || ahead <= GO_ON_SECS;
}
