/** Reading the command line: pure, so that every refusal can be tested without a process. */
import type { ArgDef, ArgsDef, CommandDef } from "citty";
import { UsageError } from "./errors.ts";
import { nearest } from "./lib/nearest.ts";

export interface SettingFlags {
  configPath: string | undefined;
  /** `section.key` to the text given for it. */
  flags: Record<string, string>;
  /** What is left: the command and its own arguments. */
  rest: string[];
}

const SETTING = /^--([a-z_]+\.[a-z_]+)(?:=(.*))?$/s;
const CONFIG = /^--config(?:=(.*))?$/s;

/** Takes `--config PATH` and `--section.key VALUE` out of the arguments: they may stand before and after the command. */
export function takeSettings(argv: readonly string[]): SettingFlags {
  const found: SettingFlags = { configPath: undefined, flags: {}, rest: [] };
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === "--") {
      found.rest.push(...argv.slice(index));
      break;
    }
    const config = CONFIG.exec(word);
    const setting = SETTING.exec(word);
    if (!config && !setting) {
      found.rest.push(word);
      continue;
    }
    const value = (config ?? setting)!.at(-1) ?? argv[++index];
    if (value === undefined) throw new UsageError(`${word} needs a value`);
    if (setting) found.flags[setting[1]!] = value;
    else found.configPath = value;
  }
  return found;
}

export interface Resolved {
  /** From the root to the command that was named. */
  chain: { name: string; command: CommandDef }[];
  /** The arguments of the last one. */
  rest: string[];
}

/** Follows the words to a command. Throws {@link UsageError} naming the nearest command for an unknown one. */
export function resolveCommand(root: CommandDef, words: readonly string[]): Resolved {
  const chain = [{ name: "anicargo", command: root }];
  let rest = [...words];
  for (;;) {
    const subs = chain.at(-1)!.command.subCommands as Record<string, CommandDef> | undefined;
    const word = rest[0];
    if (!subs || word === undefined || word.startsWith("-")) return { chain, rest };
    const command = Object.hasOwn(subs, word) ? subs[word] : undefined;
    if (!command) {
      const close = nearest(word, Object.keys(subs));
      const parent = chain.map((step) => step.name).join(" ");
      throw new UsageError(
        `unknown command "${word}"${close ? `, did you mean "${close}"?` : ""} (see ${parent} --help)`,
      );
    }
    chain.push({ name: word, command });
    rest = rest.slice(1);
  }
}

/** Refuses what citty would silently take: unknown flags, flags without a value, missing and superfluous arguments. */
export function checkArguments(args: ArgsDef, words: readonly string[]): void {
  const flags = new Map<string, ArgDef>();
  for (const [name, def] of Object.entries(args)) {
    if (def.type === "positional") continue;
    for (const key of [name, ...[("alias" in def && def.alias) || []].flat()]) flags.set(key, def);
  }
  const positionals = Object.entries(args).filter(([, def]) => def.type === "positional");
  const given: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") {
      given.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      given.push(word);
      continue;
    }
    const [flag = "", inline] = word.replace(/^--?/, "").split(/=(.*)/s);
    const def = flags.get(flag) ?? (flag.startsWith("no-") ? flags.get(flag.slice(3)) : undefined);
    if (!def) {
      const close = nearest(flag, [...flags.keys(), "help", "config"]);
      throw new UsageError(`unknown flag ${word.split("=")[0]}${close ? `, did you mean --${close}?` : ""}`);
    }
    if (def.type === "boolean") {
      if (inline !== undefined && !/^(true|false)$/.test(inline)) throw new UsageError(`--${flag} takes no value`);
    } else if (inline === undefined) {
      const value = words[++index];
      if (value === undefined) throw new UsageError(`--${flag} needs a value`);
    }
  }
  const missing = positionals.filter(([, def]) => def.required !== false)[given.length];
  if (missing) throw new UsageError(`missing ${missing[0].toUpperCase()}`);
  const extra = given[positionals.length];
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`);
}
