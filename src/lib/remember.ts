/** What a pure function said of a text, kept for the next time. */

/**
 * A function that answers like `read`, which has to be pure, and works each text out once while it is remembered.
 *
 * @param most how many texts; then all are forgotten, which costs less than keeping an order
 */
export function remember<T>(read: (text: string) => T, most = 4096): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = read(text);
    if (known.size >= most) known.clear();
    known.set(text, answer);
    return answer;
  };
}
