/** Times as subtitle formats write them. */

const two = (value: number): string => `${value}`.padStart(2, "0");

/** `0:01:02.35`: ASS counts in hundredths. @param time nanoseconds */
export function assTime(time: number): string {
  const total = Math.round(time / 1e7);
  const secs = Math.floor(total / 100);
  return `${Math.floor(secs / 3600)}:${two(Math.floor(secs / 60) % 60)}:${two(secs % 60)}.${two(total % 100)}`;
}

/** `00:01:02.350`. @param time nanoseconds */
export function vttTime(time: number): string {
  const total = Math.round(time / 1e6);
  const secs = Math.floor(total / 1000);
  const clock = [Math.floor(secs / 3600), Math.floor(secs / 60) % 60, secs % 60].map(two).join(":");
  return `${clock}.${`${total % 1000}`.padStart(3, "0")}`;
}
