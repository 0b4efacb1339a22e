/** Accounts: what the routes, the command line and the login share. */
import type { Sql } from "postgres";
import type { Role } from "../core.ts";
import { Conflict, EXIT, NotFound } from "../errors.ts";
import { checkNewPassword, hashPassword, verifyPassword } from "./password.ts";
import {
  deleteUser,
  findUser,
  insertUser,
  type ListedUser,
  listUsers,
  lockAdmins,
  type UserRow,
  updatePassword,
} from "./store.ts";
import { canonicalUserId, parseUserId } from "./user-id.ts";

/** A user as the API shows them. */
export interface User {
  user_id: string;
  role: Role;
  /** ISO 8601 in UTC. */
  created_at: string;
}

export interface Users {
  /** Throws `Unprocessable` for a name or password that will not do, `Conflict` when the name is taken. */
  add(userId: string, password: string, role: Role): Promise<User>;
  list(): Promise<User[]>;
  /** Throws `NotFound`, and `Conflict` for the last admin. Ends every token of theirs. */
  remove(userId: string): Promise<void>;
  /** Throws `Unprocessable` and `NotFound`. Ends every token of theirs. */
  setPassword(userId: string, password: string): Promise<void>;
  /** The user whose password it is, else null; takes the same time for a user that does not exist. */
  verify(userId: string, password: string): Promise<UserRow | null>;
}

export interface UsersOptions {
  sql: Sql;
  /** Told once a user's tokens are dead, before the call that killed them returns. */
  changed(userId: string, tokenVersion: string | null): void;
}

export function createUsers({ sql, changed }: UsersOptions): Users {
  return {
    async add(userId, password, role) {
      const id = parseUserId(userId);
      checkNewPassword(password);
      const user = { id, role, passwordHash: await hashPassword(password), configuredHash: null };
      const added = await insertUser(sql, user);
      if (!added) throw new Conflict("the user name is taken", { exitCode: EXIT.cannotCreate });
      return shown(added);
    },
    list: async () => (await listUsers(sql)).map(shown),
    async remove(userId) {
      const id = canonicalUserId(userId);
      await sql.begin(async (tx) => {
        const admins = await lockAdmins(tx);
        if (admins.length === 1 && admins[0] === id) throw new Conflict("the last admin cannot be removed");
        if (!(await deleteUser(tx, id))) throw unknownUser();
      });
      changed(id, null);
    },
    async setPassword(userId, password) {
      const id = canonicalUserId(userId);
      checkNewPassword(password);
      const version = await updatePassword(sql, id, await hashPassword(password));
      if (version === null) throw unknownUser();
      changed(id, version);
    },
    async verify(userId, password) {
      const user = await findUser(sql, canonicalUserId(userId));
      return (await verifyPassword(password, user?.passwordHash ?? null)) ? user : null;
    },
  };
}

const shown = ({ id, role, createdAt }: ListedUser): User => ({
  user_id: id,
  role,
  created_at: createdAt.toISOString(),
});

const unknownUser = () => new NotFound("there is no such user");
