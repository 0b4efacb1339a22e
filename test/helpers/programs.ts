/** Programs that only tests need: `scripts/test` installs them where it may. */

/**
 * Whether a program is there. Says loudly when it is not; in CI that is an error.
 * @param title what is not tested without it
 * @param debian the package that has it
 */
export function haveProgram(program: string, title: string, debian = program): boolean {
  if (Bun.which(program)) return true;
  const missing = `${program} is missing (on Debian: apt-get install ${debian})`;
  if (process.env.CI) throw new Error(missing);
  console.warn(`NOT TESTED ${title}: ${missing}`);
  return false;
}
