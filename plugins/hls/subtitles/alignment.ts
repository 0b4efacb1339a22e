/** Where on the picture a text stands, by the digits of a number pad: 1 to 3 at the bottom, 7 to 9 at the top. */

/** @returns WebVTT cue settings; empty for the bottom centre, where players put them anyway */
export function settingsFor(alignment: number): string {
  const line = alignment >= 7 ? "line:0" : alignment >= 4 ? "line:45%" : "";
  const align = ["align:right", "align:left", ""][alignment % 3]!;
  return [line, align].filter(Boolean).join(" ");
}

/** SSA's own way: 1 to 3 from the left, 4 more at the top, 8 more in the middle. @returns the number pad's */
export function fromLegacy(alignment: number): number {
  const side = Math.min(3, Math.max(1, alignment & 3));
  return side + (alignment & 4 ? 6 : alignment & 8 ? 3 : 0);
}
