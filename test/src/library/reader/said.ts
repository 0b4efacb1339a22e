import type { Reading } from "../../../../src/library/reader/reading.ts";

/** A reading in one line, without what was not read: "Frieren, 葬送的芙莉莲; season 2; 3 to 4; episode". Derived titles are left out. */
export function said(reading: Reading): string {
  const named = (titles: Reading["titles"]) => titles.flatMap(({ text, derived }) => (derived ? [] : text)).join(", ");
  const { season, part, episode, lastEpisode, otherEpisode, year, folderYear, kind, staged } = reading;
  return [
    named(reading.titles),
    reading.folderTitles.length > 0 && `in ${named(reading.folderTitles)}`,
    season !== null && `season ${season}`,
    part !== null && `part ${part}`,
    episode !== null && `#${episode}${lastEpisode === null ? "" : ` to ${lastEpisode}`}`,
    otherEpisode !== null && `also #${otherEpisode}`,
    kind !== "episode" && kind,
    year !== null && `of ${year}`,
    folderYear !== null && `folder of ${folderYear}`,
    staged && "staged",
  ]
    .filter((fact) => fact !== false && fact !== "")
    .join("; ");
}
