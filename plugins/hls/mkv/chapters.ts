/** Chapters. Pure. */
import type { Chapter } from "../reader/model.ts";
import { elementsOf, readText, readUint } from "./ebml.ts";
import { ID } from "./ids.ts";

/** Beyond what anybody would look through. */
const MOST = 1000;

interface Edition {
  hidden: boolean;
  default: boolean;
  chapters: Chapter[];
}

/**
 * The chapters of the edition that the file wants shown. A list that plays parts of other files, or its own in another order, is read like
 * any other, as ffmpeg plays it: from the begin to the end.
 *
 * @throws Damaged
 */
export function readChapters(body: Uint8Array): Chapter[] {
  const editions = [...elementsOf(body)]
    .filter(({ id }) => id === ID.editionEntry)
    .map((entry) => readEdition(entry.body));
  const shown = editions.filter((edition) => !edition.hidden);
  return (shown.find((edition) => edition.default) ?? shown[0])?.chapters ?? [];
}

function readEdition(body: Uint8Array): Edition {
  const edition: Edition = { hidden: false, default: false, chapters: [] };
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.editionFlagHidden) edition.hidden = readUint(value) !== 0;
    else if (id === ID.editionFlagDefault) edition.default = readUint(value) !== 0;
    else if (id === ID.chapterAtom) {
      const chapter = readChapter(value);
      if (chapter) edition.chapters.push(chapter);
      if (edition.chapters.length === MOST) break;
    }
  }
  edition.chapters.sort((a, b) => a.start - b.start);
  return edition;
}

/** Null for one that is not to be shown, or whose pictures are in another file. */
function readChapter(body: Uint8Array): Chapter | null {
  const chapter: Chapter = { start: 0, end: null, title: "" };
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.chapterTimeStart) chapter.start = readUint(value);
    else if (id === ID.chapterTimeEnd) chapter.end = readUint(value);
    else if (id === ID.chapterDisplay) chapter.title ||= readTitle(value);
    else if (id === ID.chapterSegmentUuid) return null;
    else if (id === ID.chapterFlagHidden && readUint(value) !== 0) return null;
    else if (id === ID.chapterFlagEnabled && readUint(value) === 0) return null;
  }
  return chapter;
}

function readTitle(body: Uint8Array): string {
  for (const { id, body: value } of elementsOf(body)) if (id === ID.chapterString) return readText(value);
  return "";
}
