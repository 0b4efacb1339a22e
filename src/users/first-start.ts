/** What has to be there before anybody can log in: the secret that signs tokens, and an admin. */
import { randomBytes } from "node:crypto";
import type { Sql } from "postgres";
import type { CoreConfig } from "../config/schema.ts";
import { type AppError, ConfigError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { FACTORY, SECRET_BYTES } from "./factory.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { applyConfiguration, findUser, insertUser, keepSecret } from "./store.ts";
import { parseUserId } from "./user-id.ts";

/**
 * The key that signs tokens: the configured one, or random bytes made once and kept in the database, where every process
 * finds the same, when that is unset, the factory's or too short to be one.
 */
export async function loadJwtSecret(sql: Sql, { jwt_secret: configured }: CoreConfig["auth"]): Promise<Uint8Array> {
  const bytes = Buffer.from(configured);
  if (configured !== FACTORY.jwtSecret && bytes.length >= SECRET_BYTES) return bytes;
  const kept = await keepSecret(sql, "jwt", randomBytes(SECRET_BYTES).toString("base64url"));
  return Buffer.from(kept, "base64url");
}

/**
 * Makes `auth.admin_user` when missing, and gives them `auth.admin_password` when that was changed since it was last
 * applied. The factory password is given to a new admin only: taking the key out of the configuration must not put a
 * password that everybody knows in the place of a real one.
 * @throws ConfigError when the name cannot be one
 */
export async function ensureAdmin(sql: Sql, auth: CoreConfig["auth"], log: Logger): Promise<void> {
  const id = adminId(auth.admin_user);
  const user = await findUser(sql, id);
  if (!user) {
    const hash = await hashPassword(auth.admin_password);
    const made = await insertUser(sql, { id, role: "admin", passwordHash: hash, configuredHash: hash });
    if (made) log.info("created the admin", { user: id });
    // Another server made them in the meantime, or somebody has that name in other letters.
    else if (!(await findUser(sql, id))) {
      throw new ConfigError("auth.admin_user: a user has this name in other letters, write it as they do");
    }
    return;
  }
  const changed =
    auth.admin_password !== FACTORY.adminPassword &&
    !(user.configuredHash !== null && (await verifyPassword(auth.admin_password, user.configuredHash)));
  if (!changed && user.role === "admin") return;
  await applyConfiguration(sql, id, changed ? await hashPassword(auth.admin_password) : null);
  log.info("applied auth.admin_user and auth.admin_password", { user: id });
}

function adminId(text: string): string {
  try {
    return parseUserId(text);
  } catch (error) {
    throw new ConfigError(`auth.admin_user: ${(error as AppError).message.replace(/^user_id: /, "")}`);
  }
}
