/** Logging in and registering: who may, from where, and how often they may be wrong. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { CoreConfig } from "../config/schema.ts";
import type { Role } from "../core.ts";
import { Forbidden, Unauthorized, Unprocessable } from "../errors.ts";
import { FACTORY } from "./factory.ts";
import type { User, Users } from "./service.ts";
import { createThrottle } from "./throttle.ts";
import { canonicalUserId } from "./user-id.ts";

/** Where a request comes from. */
export interface Origin {
  address: string;
  /** From this machine itself, through no proxy: the only place where factory secrets count. */
  direct: boolean;
}

export interface Session {
  token: string;
  user_id: string;
  role: Role;
  /** Seconds. */
  expires_in: number;
}

export interface Login {
  /** Throws `Unauthorized`, `TooManyRequests`, and `Forbidden` for the factory password from elsewhere. */
  login(userId: string, password: string, origin: Origin): Promise<Session>;
  /** Throws like `login`, then like `Users.add`. A wrong code says nothing about names. */
  register(userId: string, password: string, inviteCode: string, origin: Origin): Promise<User>;
  /** Changes one's own password. Throws `Unprocessable` without the current one, `Forbidden` with a wrong one. */
  changePassword(userId: string, password: string, current: string | undefined, origin: Origin): Promise<void>;
}

export interface LoginOptions {
  users: Users;
  auth: CoreConfig["auth"];
  sign(user: { userId: string; version: string }): Promise<string>;
}

export function createLogin({ users, auth, sign }: LoginOptions): Login {
  const throttle = createThrottle();
  return {
    async login(userId, password, { address, direct }) {
      const attempt = { userId: canonicalUserId(userId), address };
      await throttle.check(attempt);
      const user = await users.verify(userId, password);
      if (!user) {
        await throttle.failed(attempt);
        throw new Unauthorized("invalid credentials");
      }
      if (!direct && user.role === "admin" && password === FACTORY.adminPassword) {
        throw new Forbidden(
          "the factory admin password works from the server's own machine only: set auth.admin_password (ANICARGO_ADMIN_PASSWORD)",
        );
      }
      throttle.succeeded(attempt);
      const token = await sign({ userId: user.id, version: user.tokenVersion });
      return { token, user_id: user.id, role: user.role, expires_in: auth.token_ttl_secs };
    },

    async register(userId, password, inviteCode, { address, direct }) {
      await throttle.check({ address });
      // An empty code would let everybody in who sends an empty one.
      if (auth.invite_code === "" || !isSame(inviteCode, auth.invite_code)) {
        await throttle.failed({ address });
        throw new Unauthorized("invalid invite code");
      }
      if (!direct && inviteCode === FACTORY.inviteCode) {
        throw new Forbidden(
          "the factory invite code works from the server's own machine only: set auth.invite_code (ANICARGO_INVITE_CODE)",
        );
      }
      return users.add(userId, password, "user");
    },

    async changePassword(userId, password, current, { address }) {
      if (current === undefined) throw new Unprocessable("body.current_password: needed to change one's own password");
      const attempt = { userId, address };
      await throttle.check(attempt);
      if (!(await users.verify(userId, current))) {
        await throttle.failed(attempt);
        throw new Forbidden("the current password is wrong");
      }
      await users.setPassword(userId, password);
    },
  };
}

/** In a time that tells nothing about where the two differ, nor about their lengths. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other));
const sha256 = (text: string) => createHash("sha256").update(text).digest();
