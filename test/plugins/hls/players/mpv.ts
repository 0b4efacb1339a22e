/** mpv without picture or sound, driven over its own socket. */
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { until } from "../../../helpers/until.ts";
import { newFolder } from "../fixtures.ts";
import { type Pixels, readPixels } from "./film.ts";

export interface Mpv {
  /** A property, by the name in mpv's manual. */
  get<T>(property: string): Promise<T>;
  set(property: string, value: string | number | boolean): Promise<void>;
  /** Seeks exactly and waits until the picture is there. @returns the seconds that mpv says it is at */
  seek(secs: number): Promise<number>;
  /** What is shown, with or without subtitles. */
  picture(content: "video" | "subtitles"): Promise<Pixels>;
  /** The frequency of what is played, Hz; for a pure tone. */
  tone(): Promise<number>;
  close(): Promise<void>;
}

interface Message {
  request_id?: number;
  error?: string;
  data?: unknown;
  event?: string;
  reason?: string;
  file_error?: string;
}

/** Opens an address or a file and waits for the first picture. @throws with what mpv said when it does not come to that */
export async function openMpv(address: string, ...options: string[]): Promise<Mpv> {
  const folder = newFolder();
  const path = join(folder, "mpv");
  const child = Bun.spawn(
    [
      ...["mpv", "--no-config", "--no-input-terminal", "--quiet", "--msg-level=all=warn", "--keep-open=yes"],
      ...["--vo=null", "--ao=null", "--pause", "--idle=yes", "--af=@heard:lavfi=[astats=metadata=1:reset=1]"],
      ...[`--input-ipc-server=${path}`, ...options],
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  const said = Promise.all([child.stdout.text(), child.stderr.text()]);
  const ended = child.exited.then(async (code): Promise<never> => {
    throw new Error(`mpv ended with ${code}: ${(await said).join("\n")}`);
  });
  ended.catch(() => {}); // whoever waits for something is told
  await Promise.race([until(() => existsSync(path)), ended]);

  const answers = new Map<number, (message: Message) => void>();
  const watchers = new Set<(message: Message) => void>();
  const socket = listen(path, (message) => {
    if (message.event) for (const watch of watchers) watch(message);
    else answers.get(message.request_id!)?.(message);
  });
  /** Resolves at the next event of that name; rejects when the file ends or mpv does. */
  const event = (name: string) => {
    const heard = new Promise<void>((resolve, reject) => {
      const watch = (message: Message) => {
        if (message.event !== name && message.event !== "end-file") return;
        watchers.delete(watch);
        if (message.event === name) resolve();
        else reject(new Error(`mpv ended the file: ${message.file_error ?? message.reason}`));
      };
      watchers.add(watch);
    });
    const outcome = Promise.race([ended, heard]);
    outcome.catch(() => {}); // where the command fails, nobody waits for its event
    return outcome;
  };
  let count = 0;
  const send = async <T>(...command: (string | number | boolean)[]): Promise<T> => {
    const id = ++count;
    const answer = new Promise<Message>((resolve) => answers.set(id, resolve));
    socket.write(`${JSON.stringify({ command, request_id: id })}\n`);
    const { error, data } = await Promise.race([answer, ended]);
    answers.delete(id);
    if (error !== "success") throw new Error(`mpv, ${command.join(" ")}: ${error}`);
    return data as T;
  };

  const mpv: Mpv = {
    get: (property) => send("get_property", property),
    set: (property, value) => send("set_property", property, value),
    async seek(secs) {
      const shown = event("playback-restart");
      await send("seek", secs, "absolute+exact");
      await shown;
      return mpv.get("time-pos");
    },
    async picture(content) {
      const file = join(folder, `${content}-${count}.png`);
      await send("screenshot-to-file", file, content);
      return readPixels(file);
    },
    async tone() {
      const heard = await mpv.get<Record<string, string>>("af-metadata/heard");
      const rate = await mpv.get<number>("audio-params/samplerate");
      return (Number(heard["lavfi.astats.1.Zero_crossings_rate"]) * rate) / 2;
    },
    async close() {
      socket.destroy();
      child.kill();
      await child.exited;
    },
  };
  try {
    const shown = event("playback-restart");
    await send("loadfile", address);
    await shown;
    return mpv;
  } catch (error) {
    await mpv.close();
    throw error;
  }
}

function listen(path: string, take: (message: Message) => void): Socket {
  const socket = connect(path);
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("error", () => {}); // mpv has ended, and says so itself
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) take(JSON.parse(line));
  });
  return socket;
}
