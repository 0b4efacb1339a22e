/** The clockwork of a worker. Tests shorten it; nobody else needs to. */
export interface Timing {
  /** How long a claim holds without being renewed, in seconds. */
  leaseSecs: number;
  /** How often leases are renewed and abandoned ones looked for: two renewals may fail before a lease runs out. */
  renewMs: number;
  /** Progress is written this often at most. */
  progressMs: number;
  /** How long work may go on undisturbed once the process stops. */
  shortWorkMs: number;
  /** How long an aborted run may take to end. */
  graceMs: number;
  /** How long the last writes of a stopping process may take; with the two before it, less than 10 s in all. */
  lastWritesMs: number;
}

export const TIMING: Timing = {
  leaseSecs: 30,
  renewMs: 10_000,
  progressMs: 250,
  shortWorkMs: 3000,
  graceMs: 3000,
  lastWritesMs: 2000,
};
