/** The values the program ships with. Everybody knows them, so they count for nothing from another machine. */
import type { CoreConfig } from "../config/schema.ts";

export const FACTORY = { jwtSecret: "dev-secret", adminPassword: "adminpwd", inviteCode: "invitecode" } as const;

/** HS256 wants a key as long as its hash (RFC 7518, section 3.2). Bytes. */
export const SECRET_BYTES = 32;

/** What `serve` says about secrets at start: a sentence each, with the key to set. */
export function factoryHints(auth: CoreConfig["auth"]): string[] {
  const hints: string[] = [];
  if (auth.admin_password === FACTORY.adminPassword) {
    hints.push(
      "the factory admin password works from this machine only: set auth.admin_password (ANICARGO_ADMIN_PASSWORD) to log in from elsewhere",
    );
  }
  if (auth.invite_code === FACTORY.inviteCode) {
    hints.push(
      "the factory invite code works from this machine only: set auth.invite_code (ANICARGO_INVITE_CODE) to let others register",
    );
  }
  const { jwt_secret: secret } = auth;
  if (secret !== "" && secret !== FACTORY.jwtSecret && Buffer.byteLength(secret) < SECRET_BYTES) {
    hints.push(
      `auth.jwt_secret is shorter than ${SECRET_BYTES} bytes and is not used: a random one, kept in the database, signs the tokens`,
    );
  }
  return hints;
}
