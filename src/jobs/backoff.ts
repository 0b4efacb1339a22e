const FIRST_SECS = 5;
const CAP_SECS = 3600;

/**
 * How long a job waits after its failed attempt: 5 s doubled with each one, at most an hour, of which a random part between
 * half and all is taken. The jitter keeps a hundred jobs that failed together (an upstream was down) from coming back together.
 * @param attempt the attempt that failed, from 1
 * @param random a number from 0 up to 1
 * @returns seconds
 */
export function backoffSecs(attempt: number, random: number): number {
  const full = Math.min(CAP_SECS, FIRST_SECS * 2 ** (attempt - 1));
  return full * (0.5 + random / 2);
}
