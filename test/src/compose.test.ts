import { describe, expect, test } from "bun:test";
import { inOrder, jobHandlers, refuseRouteClashes } from "../../src/compose.ts";
import type { AnyJob } from "../../src/jobs/job.ts";
import type { AnyPlugin } from "../../src/plugin.ts";

const plugin = (name: string, ...requires: string[]) => ({ name, requires }) as unknown as AnyPlugin;
const names = (plugins: readonly AnyPlugin[]) => plugins.map(({ name }) => name);

describe("inOrder", () => {
  test("places a plugin after what it requires and keeps the rest in order", () => {
    expect(names(inOrder([plugin("a", "c"), plugin("b"), plugin("c")]))).toEqual(["c", "a", "b"]);
  });
  test("refuses a missing requirement", () => {
    expect(() => inOrder([plugin("a", "z")])).toThrow('the plugin "a" requires "z", which is not in the binary');
  });
  test("refuses a circle", () => {
    expect(() => inOrder([plugin("a", "b"), plugin("b", "a")])).toThrow("plugins require each other: a -> b -> a");
  });
  test("refuses two plugins of one name", () => {
    expect(() => inOrder([plugin("a"), plugin("a")])).toThrow('two plugins are named "a"');
  });
});

describe("jobHandlers", () => {
  const job = (kind: string) => ({ kind }) as AnyJob;
  test("maps each kind to its handler", () => {
    const index = job("index");
    expect(jobHandlers([{ name: "library", jobs: [index] }, { name: "x" }]).get("index")).toBe(index);
  });
  test("refuses a kind with two handlers", () => {
    const groups = [
      { name: "library", jobs: [job("index")] },
      { name: "other", jobs: [job("index")] },
    ];
    expect(() => jobHandlers(groups)).toThrow('the job kind "index" has two handlers: in library and in other');
  });
});

describe("refuseRouteClashes", () => {
  const group = (name: string, ...paths: string[]) => ({
    name,
    routes: { routes: paths.map((path) => ({ method: "GET", path })) },
  });
  test("takes different routes", () => {
    expect(() => refuseRouteClashes([group("a", "/x", "/x/:id"), group("b", "/x/:id/y")])).not.toThrow();
  });
  test("refuses the same route under another parameter's name", () => {
    expect(() => refuseRouteClashes([group("a", "/x/:id"), group("b", "/x/:name")])).toThrow(
      "GET /x/:name is served twice: by a and by b",
    );
  });
});
