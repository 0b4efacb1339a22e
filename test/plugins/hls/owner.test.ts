import { expect, test } from "bun:test";
import { isAlive, isRunning, newOwner, startTime } from "../../../plugins/hls/owner.ts";
import { until } from "../../helpers/until.ts";

test("we are alive", () => {
  expect(isAlive(newOwner())).toBeTrue();
});

test("every lock of ours can be told from the others", () => {
  expect(newOwner().lock).not.toBe(newOwner().lock);
});

test("a process that has ended is dead", async () => {
  const child = Bun.spawn(["true"]);
  const { pid } = child;
  await child.exited;
  expect(isAlive({ ...newOwner(), pid, started: "1" })).toBeFalse();
  expect(isRunning(pid, null)).toBeFalse();
});

test.skipIf(process.platform !== "linux")("a later process under the same number is another one", () => {
  expect(isAlive({ ...newOwner(), started: "1" })).toBeFalse();
});

test.skipIf(process.platform !== "linux")("one that has ended and that nobody waited for is dead", async () => {
  // The inner shell ends; the outer one has become `sleep`, which never asks for it.
  const parent = Bun.spawn(["sh", "-c", "sh -c 'exit 0' & echo $!; exec sleep 1000"]);
  const { value } = await parent.stdout.getReader().read();
  await until(() => startTime(Number(new TextDecoder().decode(value))) === null);
  parent.kill("SIGKILL");
});

test("of a process on another host, or before a restart, nobody here can know", () => {
  expect(isAlive({ ...newOwner(), space: "nas 0000 pid:[1]" })).toBeNull();
});

test.skipIf(process.platform !== "linux")("a program's name with blanks and parentheses confuses nobody", async () => {
  const child = Bun.spawn(["sh", "-c", "printf ') R 1 (' > /proc/self/comm; echo; exec sleep 1000"]);
  await child.stdout.getReader().read();
  expect(startTime(child.pid)).toMatch(/^\d+$/);
  child.kill("SIGKILL");
});
