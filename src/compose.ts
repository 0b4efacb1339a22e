/** Putting features together, and refusing what does not fit: found at boot, not at the first request. */
import type { AnyJob } from "./jobs/job.ts";
import type { AnyPlugin } from "./plugin.ts";

/**
 * Plugins in an order in which each comes after what it requires; otherwise the order given.
 * Throws when a name stands twice, a requirement is missing or requirements run in a circle.
 */
export function inOrder(plugins: readonly AnyPlugin[]): AnyPlugin[] {
  const byName = new Map<string, AnyPlugin>();
  for (const plugin of plugins) {
    if (byName.has(plugin.name)) throw new Error(`two plugins are named "${plugin.name}"`);
    byName.set(plugin.name, plugin);
  }
  const placed = new Set<AnyPlugin>();
  const place = (plugin: AnyPlugin, path: readonly string[]): void => {
    if (placed.has(plugin)) return;
    if (path.includes(plugin.name))
      throw new Error(`plugins require each other: ${[...path, plugin.name].join(" -> ")}`);
    for (const name of plugin.requires ?? []) {
      const needed = byName.get(name);
      if (!needed) throw new Error(`the plugin "${plugin.name}" requires "${name}", which is not in the binary`);
      place(needed, [...path, plugin.name]);
    }
    placed.add(plugin);
  };
  for (const plugin of plugins) place(plugin, []);
  return [...placed];
}

/** Job kinds to their one handler. Throws when a kind has two. */
export function jobHandlers(groups: readonly { name: string; jobs?: readonly AnyJob[] }[]): Map<string, AnyJob> {
  const handlers = new Map<string, AnyJob>();
  const owners = new Map<string, string>();
  for (const { name, jobs = [] } of groups) {
    for (const job of jobs) {
      const owner = owners.get(job.kind);
      if (owner) throw new Error(`the job kind "${job.kind}" has two handlers: in ${owner} and in ${name}`);
      owners.set(job.kind, name);
      handlers.set(job.kind, job);
    }
  }
  return handlers;
}

/** The part of an Elysia instance that shows what it serves. */
export interface RouteTable {
  routes: readonly { method: string; path: string }[];
}

/** Throws when two features serve the same method and path, whatever they call the parameters. */
export function refuseRouteClashes(groups: readonly { name: string; routes?: RouteTable }[]): void {
  const owners = new Map<string, string>();
  for (const { name, routes } of groups) {
    for (const { method, path } of routes?.routes ?? []) {
      const route = `${method} ${path.replace(/\/$/, "").replace(/:[^/]+/g, ":")}`;
      const owner = owners.get(route);
      if (owner) throw new Error(`${method} ${path} is served twice: by ${owner} and by ${name}`);
      owners.set(route, name);
    }
  }
}
