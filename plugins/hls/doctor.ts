/** What `anicargo doctor` says about ffmpeg. */
import type { Checkup } from "../../src/plugin.ts";
import { findTools, type Tools } from "./tools.ts";

const OLDEST = [5, 1] as const;
const ENCODERS = ["libx264", "aac"];
const TIMEOUT_MS = 15_000;

export async function checkFfmpeg(program: string): Promise<Checkup[]> {
  let tools: Tools;
  try {
    tools = findTools(program);
  } catch (error) {
    return [{ name: "ffmpeg", ok: false, detail: "not found", fix: (error as Error).message }];
  }
  const [ffmpeg, ffprobe, encoders] = await Promise.all([
    ask(tools.ffmpeg, "-version"),
    ask(tools.ffprobe, "-version"),
    ask(tools.ffmpeg, "-encoders"),
  ]);
  return [
    versionCheckup("ffmpeg", tools.ffmpeg, ffmpeg),
    versionCheckup("ffprobe", tools.ffprobe, ffprobe),
    encoderCheckup(encoders),
  ];
}

/** @param answer to `-version`: null when the program does not run */
export function versionCheckup(name: string, path: string, answer: string | null): Checkup {
  const version = /^\S+ version (\S+)/.exec(answer ?? "")?.[1];
  if (!version) return { name, ok: false, detail: `${path} does not run`, fix: "install ffmpeg again" };
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  // Builds from git have no number; they are newer than any release.
  const old = major !== undefined && Number(major) * 100 + Number(minor) < OLDEST[0] * 100 + OLDEST[1];
  const fix = old ? `install ffmpeg ${OLDEST.join(".")} or later, or set hls.ffmpeg_path` : undefined;
  return { name, ok: !old, detail: `${version} at ${path}`, fix };
}

/** @param answer to `-encoders` */
export function encoderCheckup(answer: string | null): Checkup {
  const missing = ENCODERS.filter((name) => !new RegExp(`^ [VA]\\S+ ${name} `, "m").test(answer ?? ""));
  return missing.length === 0
    ? { name: "ffmpeg encoders", ok: true, detail: ENCODERS.join(", ") }
    : {
        name: "ffmpeg encoders",
        ok: false,
        detail: `missing: ${missing.join(", ")}`,
        fix: "install an ffmpeg with them (Debian's has), or only files that players take as they are will play",
      };
}

async function ask(program: string, question: string): Promise<string | null> {
  try {
    const child = Bun.spawn([program, "-hide_banner", question], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const [text, code] = await Promise.all([child.stdout.text(), child.exited]);
    return code === 0 ? text : null;
  } catch {
    return null;
  }
}
