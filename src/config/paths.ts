import { isAbsolute, join, resolve } from "node:path";

/** `~` and `~/x` are the home folder; what is relative then is relative to `base`. */
export function absolutePath(path: string, base: string, home: string): string {
  const expanded = path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
  return resolve(base, expanded);
}

/** A program: a bare name is left for PATH to find. */
export const programPath = (program: string, base: string, home: string): string =>
  program.includes("/") ? absolutePath(program, base, home) : program;

/** A folder of the XDG base directory specification, which says that relative values are to be ignored. */
export const xdgFolder = (value: string | undefined, fallback: string): string =>
  value && isAbsolute(value) ? value : fallback;

/**
 * Where the embedded database lives when nobody says: systemd's state folder, the system's for root, else the user's.
 * @param env read for STATE_DIRECTORY (systemd.exec(5); the first of several) and XDG_DATA_HOME
 */
export function defaultDataDir(env: Record<string, string | undefined>, home: string, root: boolean): string {
  const state = env.STATE_DIRECTORY?.split(":")[0];
  if (state) return state;
  return root ? "/var/lib/anicargo" : join(xdgFolder(env.XDG_DATA_HOME, join(home, ".local/share")), "anicargo");
}
