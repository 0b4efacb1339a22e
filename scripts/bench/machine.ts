import { cpus, totalmem, type } from "node:os";

/** One line that says what a measurement ran on. */
export const machine = (): string => {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `on ${cores.length} cores of ${cores[0]?.model.trim() ?? "unknown"}, ${memory} GiB, ${type()} ${process.arch}, Bun ${Bun.version}, ${new Date().toISOString().slice(0, 10)}`;
};
