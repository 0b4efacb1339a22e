/** Which of the brackets that a name opens with are those of its groups: pure. */
import { hasCjk } from "./cjk.ts";
import type { Found } from "./find-marker.ts";
import type { Piece } from "./pieces.ts";
import { leadingText } from "./title-zone.ts";
import { namesWork } from "./titles.ts";

/** How groups call themselves. */
const GROUP =
  /字幕|[组組社团團屋坊亭]$|[组組社团團屋]\s?[&x×]|(?<=[^\x00-\x7f])&|&(?=[^\x00-\x7f])|subs?(?:bers)?(?=$|[\W_])|raws?(?=$|[\W_])|fansub|[漢汉]化|[压壓]制|工作室|[发發][布佈]|^ANi$|studio|house|kissaten|学园$|學園$|fans|team|rips?$/i;

export const isGroupName = (text: string): boolean => GROUP.test(text);

/**
 * All brackets before running text that names a work are groups, else the first of several brackets; never the only one,
 * for it is the title then.
 *
 * @returns indexes, `end` after the last; both 0 for a name without
 */
export function findGroups(pieces: readonly Piece[], found: Found | null): { start: number; end: number } {
  const isBox = (index: number) => pieces[index]?.box?.sort === "text";
  const isNamed = (index: number) => pieces[index]?.box === null && namesWork(leadingText(pieces, index, found));
  const start = pieces.findIndex(({ box }, index) => box === null || isBox(index));
  if (start < 0 || !isBox(start)) return { start: 0, end: 0 };
  let after = start;
  while (isBox(after)) after++;
  if (isNamed(after)) {
    // [G][标题] Title: a second bracket may be a title in another language.
    let end = after;
    while (end > start + 1 && hasCjk(pieces[end - 1]!.text) && !isGroupName(pieces[end - 1]!.text)) end--;
    return { start, end };
  }
  const titles = pieces.filter((_, index) => index > start && (isBox(index) || isNamed(index))).length;
  let end = titles > 0 ? start + 1 : start;
  // [搬運][ANi][Title]
  for (let left = titles; left > 1 && end < after && isGroupName(pieces[end]!.text); left--) end++;
  return { start, end };
}
