/** What a survey found, as people read it. */
import type { Finding, Surveyed } from "./survey.ts";

/** One line; names paths of the machine: for admins only. */
export function tell(finding: Finding): string {
  switch (finding.is) {
    case "new":
      return `new, ${count(finding.files, "file")}${finding.missing > 0 ? ` (${finding.missing} more not on disk)` : ""}`;
    case "waiting":
      return `waiting, ${finding.why}`;
    case "misplaced":
      return `misplaced, ${finding.path} ${
        finding.here === null ? "is no path of this machine" : `(here: ${finding.here}) is not in the library`
      }: set [[qbittorrent.path_map]], or qbittorrent.download_dir to a folder of the library`;
    default:
      return finding.is;
  }
}

export type Counts = Record<Finding["is"] | "torrents", number>;

export function countsOf(surveyed: readonly Surveyed[]): Counts {
  const counts: Counts = {
    torrents: surveyed.length,
    new: 0,
    known: 0,
    waiting: 0,
    unfinished: 0,
    outside: 0,
    misplaced: 0,
  };
  for (const { finding } of surveyed) counts[finding.is]++;
  return counts;
}

/** `synced 7 torrents (new 2, known 3, waiting 1, unfinished 0, outside 1)`; what is misplaced is outside. */
export const summaryOf = ({ torrents, known, waiting, unfinished, outside, misplaced, ...counts }: Counts): string =>
  `synced ${count(torrents, "torrent")} (new ${counts.new}, known ${known}, waiting ${waiting}, ` +
  `unfinished ${unfinished}, outside ${outside + misplaced})`;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
