/** Who asks, and whether they may: the guards that routes put in front of themselves. */
import type { Caller, GuardContext, Guards } from "../core.ts";
import { Forbidden, Unauthorized } from "../errors.ts";
import type { Claims, Tokens } from "./tokens.ts";
import type { UserDirectory } from "./user-directory.ts";

export interface Auth {
  guards: Guards;
  /** The user of a valid Bearer token, else null: for limits, which treat everybody else by address. */
  identify(request: Request): Promise<Caller | null>;
}

export interface AuthOptions {
  tokens: Tokens;
  users: UserDirectory;
  /** `server.rate_limit_block_users`: refused whatever they show, a token in the path as well. */
  blockedUsers: readonly string[];
}

export function createAuth({ tokens, users, blockedUsers }: AuthOptions): Auth {
  const blocked = new Set(blockedUsers);

  /** The user behind the claims, as the database knows them now: the token does not get to say what role it has. */
  const caller = async (claims: Claims | null): Promise<Caller | null> => {
    const user = claims && (await users.get(claims.userId));
    return user && user.tokenVersion === claims.version ? { userId: claims.userId, role: user.role } : null;
  };

  const login = async (token: string | null): Promise<Caller | null> => {
    const claims = token === null ? null : await tokens.verify(token);
    return claims?.purpose === "login" ? caller(claims) : null;
  };

  const admit = (found: Caller | null): Caller => {
    if (!found) throw new Unauthorized("log in: the token is missing, expired or revoked");
    if (blocked.has(found.userId)) throw new Forbidden("access denied");
    return found;
  };

  const user = async ({ request }: GuardContext) => ({ caller: admit(await login(bearer(request))) });

  const guards: Guards = {
    user,
    admin: async (context) => {
      const found = await user(context);
      if (found.caller.role !== "admin") throw new Forbidden("only an admin may do this");
      return found;
    },
    userOrQuery: async ({ request }) => ({ caller: admit(await login(bearer(request) ?? queryToken(request))) }),
    signFileToken: async ({ userId }, mediaId) => {
      const known = await users.get(userId);
      if (!known) throw new Unauthorized("log in: the user is gone");
      return tokens.signFile({ userId, version: known.tokenVersion }, mediaId);
    },
    checkFileToken: async (token, mediaId) => {
      const claims = await tokens.verify(token);
      const fits = claims?.purpose === "login" || claims?.mediaId === mediaId;
      return admit(fits ? await caller(claims) : null);
    },
  };
  return { guards, identify: (request) => login(bearer(request)) };
}

const BEARER = /^Bearer +(\S+) *$/i;

const bearer = (request: Request): string | null =>
  BEARER.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;

const queryToken = (request: Request): string | null => new URL(request.url).searchParams.get("token");
