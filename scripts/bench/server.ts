/** The program as a server, for the benches that ask it over HTTP. */
import type { Bench } from "./measure.ts";

export interface Server {
  /** `http://127.0.0.1:PORT` */
  url: string;
  stop(): Promise<unknown>;
}

/** Starts the server and waits until it says where it listens. */
export async function serve({ program, dir, env }: Pick<Bench, "program" | "dir" | "env">): Promise<Server> {
  const child = Bun.spawn([...program, "serve"], { cwd: dir, env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const stop = () => {
    child.kill();
    return child.exited;
  };
  const decoder = new TextDecoder();
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    void (async () => {
      // Read to its end: a pipe that is full would hold the server up.
      for await (const chunk of child.stderr) {
        said = (said + decoder.decode(chunk, { stream: true })).slice(-10_000);
        const listening = /listening on (http:\/\/\S+:\d+)/.exec(said)?.[1];
        if (listening) resolve(listening);
      }
      reject(new Error(`serve ended with ${await child.exited}: ${said}`));
    })();
  });
  return { url, stop };
}

/** @returns the token of the admin with the factory password */
export async function login(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: "admin", password: "adminpwd" }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}
