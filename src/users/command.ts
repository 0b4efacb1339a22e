/** `anicargo user`: local administration; a running server notices at once. */
import { type CommandDef, command } from "../command.ts";
import type { Core } from "../core.ts";
import { askPassword } from "./ask-password.ts";
import { createUsers, type Users } from "./service.ts";

/** Opens what the commands need, and closes it after. */
type OpenUsers = <T>(use: (opened: { core: Pick<Core, "sql"> }) => Promise<T>) => Promise<T>;

const name = { type: "positional", description: "The user's name", required: true } as const;
const passwordStdin = {
  type: "boolean",
  description: "Read the password from standard input instead of asking for it",
} as const;

export function userCommand(open: OpenUsers): CommandDef {
  const withUsers = <T>(use: (users: Users) => Promise<T>): Promise<T> =>
    // The database tells every server what changed: in this process nobody listens.
    open(({ core }) => use(createUsers({ sql: core.sql, changed: () => {} })));

  const add = command({
    description: "Adds a user",
    examples: ["user add alice", "user add bob --admin", "user add bob --password-stdin < password.txt"],
    args: {
      name,
      admin: { type: "boolean", description: "Make them an admin" },
      "password-stdin": passwordStdin,
    },
    run: async ({ args, json, terminal }) => {
      const password = await askPassword(args["password-stdin"] === true);
      const user = await withUsers((users) => users.add(args.name, password, args.admin === true ? "admin" : "user"));
      if (json) terminal.printJson(user);
      else terminal.print(`added ${user.user_id} (${user.role})`);
    },
  });

  const passwd = command({
    description: "Changes a user's password and ends every login of theirs",
    examples: ["user passwd alice"],
    args: { name, "password-stdin": passwordStdin },
    run: async ({ args, json, terminal }) => {
      const password = await askPassword(args["password-stdin"] === true);
      await withUsers((users) => users.setPassword(args.name, password));
      if (json) terminal.printJson({ user_id: args.name, changed: true });
      else terminal.print(`changed the password of ${args.name}`);
    },
  });

  const remove = command({
    description: "Removes a user and ends every login of theirs",
    examples: ["user remove alice"],
    args: { name },
    run: async ({ args, json, terminal }) => {
      await withUsers((users) => users.remove(args.name));
      if (json) terminal.printJson({ user_id: args.name, removed: true });
      else terminal.print(`removed ${args.name}`);
    },
  });

  const list = command({
    description: "Lists the users: name, role and when they were added",
    examples: ["user list", "user list --json"],
    run: async ({ json, terminal }) => {
      for (const user of await withUsers((users) => users.list())) {
        if (json) terminal.printJson(user);
        else terminal.print(`${user.user_id}\t${user.role}\t${user.created_at}`);
      }
    },
  });

  return {
    meta: { description: "Adds, changes, removes and lists users" },
    subCommands: { add, passwd, remove, list },
  };
}
