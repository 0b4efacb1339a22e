/** How a command is declared: citty's shape, with `--json`, an example for `--help`, and the terminal handed in. */
import { type ArgsDef, type CommandDef, type CommandMeta, defineCommand, type ParsedArgs } from "citty";
import type { ExitCode } from "./errors.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

export type { CommandDef } from "citty";

export interface CommandInput<A extends ArgsDef> {
  args: ParsedArgs<A>;
  /** Whether the caller wants one JSON document (or one a line, for lists) instead of text. */
  json: boolean;
  terminal: Terminal;
}

export interface CommandOptions<A extends ArgsDef> {
  description: string;
  /** At least one line that can be typed as it stands, without the program's name: `"index --json"`. */
  examples: readonly string[];
  args?: A;
  /** The exit code; none means 0. Throw an `AppError` to end with its line and code. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands end without a word
  run(input: CommandInput<A>): Promise<ExitCode | void>;
}

const json = { type: "boolean", description: "Print machine-readable JSON" } as const;

/**
 * Declares a leaf command.
 * @example
 * command({ description: "Lists the users", examples: ["user list"], run: async ({ terminal }) => terminal.print("…") })
 */
export function command<const A extends ArgsDef>(options: CommandOptions<A>): CommandDef {
  const { description, examples } = options;
  return defineCommand({
    meta: { description, examples } as CommandMeta & Pick<CommandOptions<A>, "examples">,
    args: { ...options.args, json } as ArgsDef,
    run: async (context) => {
      const terminal = createTerminal();
      try {
        return await options.run({ args: context.args as ParsedArgs<A>, json: context.args.json === true, terminal });
      } finally {
        await terminal.end();
      }
    },
  });
}

/** The lines that `--help` shows below the usage. */
export const examplesOf = ({ meta }: CommandDef): readonly string[] =>
  (meta as Partial<CommandOptions<ArgsDef>> | undefined)?.examples ?? [];
