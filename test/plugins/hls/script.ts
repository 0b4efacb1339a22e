import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newFolder } from "./fixtures.ts";

/** A shell script in the place of a program. @returns its absolute path */
export async function script(body: string, name = "program"): Promise<string> {
  const path = join(newFolder(), name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}
