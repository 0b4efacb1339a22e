/** A password never comes as an argument, where every user of the machine and the shell's history would see it. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { UsageError } from "../errors.ts";

/**
 * Reads a password: from standard input when that was asked for, else from the person at the terminal, who types it twice
 * and unseen.
 * @throws UsageError when there is nobody to ask, or they do not type the same twice
 */
export async function askPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await Bun.stdin.text()).replace(/\r?\n$/, "");
  if (!process.stdin.isTTY) {
    throw new UsageError(
      "there is no terminal to ask for the password: send it to standard input with --password-stdin",
    );
  }
  const password = await askUnseen("Password: ");
  if ((await askUnseen("Once more: ")) !== password) throw new UsageError("the two passwords differ");
  return password;
}

/** Readline edits the line and switches the terminal's echo off; what it would draw goes nowhere. */
function askUnseen(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    // The terminal is raw, so that Ctrl-C is a key and not a signal.
    lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
    lines.once("close", () => reject(new UsageError("no password was given")));
  }).finally(() => {
    lines.close();
    process.stderr.write("\n");
  });
}
