/** JSON Web Tokens (RFC 7519): made and checked here, nowhere else. */
import { jwt } from "@elysiajs/jwt";

/** What a token says, once its signature, its life and its shape have been checked. */
export type Claims = {
  userId: string;
  /** The user's token version when it was made: it dies when that changes. */
  version: string;
  /** Seconds since 1970. */
  expiresAt: number;
} & ({ purpose: "login" } | { purpose: "file"; mediaId: string });

/** Whom a token is made for. */
export interface Bearer {
  userId: string;
  version: string;
}

export interface Tokens {
  signLogin(user: Bearer): Promise<string>;
  /** Good for the files of one item, and for nothing else. */
  signFile(user: Bearer, mediaId: string): Promise<string>;
  /** null for anything that is not a living token of ours. Says nothing about whether the user still exists. */
  verify(token: string): Promise<Claims | null>;
}

/** Our own are under 500 characters: more than this is not looked at. */
const MAX_LENGTH = 2048;
/** A film and a night's sleep. */
const FILE_TTL_SECS = 12 * 3600;
/** Checking a signature takes about 80 µs, a look into a map none: a player asks with one token again and again. */
const REMEMBERED = 1000;

const AUDIENCE = { login: "login", file: "file" } as const;

const now = (): number => Math.floor(Date.now() / 1000);

/**
 * @param secret at least 32 bytes
 * @param loginTtlSecs how long a login lasts
 */
export function createTokens({ secret, loginTtlSecs }: { secret: Uint8Array; loginTtlSecs: number }): Tokens {
  // The plugin decorates routes; guards and services need its two functions outside of any route.
  const { sign, verify } = jwt({ name: "jwt", secret, alg: "HS256" }).decorator.jwt;
  const remembered = new Map<string, Claims>();
  const ttl = { login: loginTtlSecs, file: FILE_TTL_SECS };

  const make = (purpose: Claims["purpose"], user: Bearer, extra: { media?: string } = {}) => {
    const claims = { sub: user.userId, ver: user.version, aud: AUDIENCE[purpose], ...extra };
    return sign({ ...claims, exp: now() + ttl[purpose] });
  };

  const check = async (token: string): Promise<Claims | null> => {
    // Unless told, it takes every HMAC algorithm and a token that never ends.
    const payload = await verify(token, { algorithms: ["HS256"], requiredClaims: ["sub", "aud", "iat", "exp"] });
    if (!payload) return null;
    const { sub, ver, aud, iat, exp, media } = payload as Record<string, unknown>;
    if (typeof sub !== "string" || typeof ver !== "string" || typeof iat !== "number" || typeof exp !== "number") {
      return null;
    }
    // One that lives longer than ours do is not ours, whoever came by the secret.
    const common = { userId: sub, version: ver, expiresAt: exp };
    if (aud === AUDIENCE.login && exp - iat <= ttl.login) return { ...common, purpose: "login" };
    if (aud === AUDIENCE.file && exp - iat <= ttl.file && typeof media === "string") {
      return { ...common, purpose: "file", mediaId: media };
    }
    return null;
  };

  return {
    signLogin: (user) => make("login", user),
    signFile: (user, mediaId) => make("file", user, { media: mediaId }),
    async verify(token) {
      if (token.length > MAX_LENGTH) return null;
      let claims = remembered.get(token) ?? null;
      if (claims && claims.expiresAt <= now()) {
        remembered.delete(token);
        return null;
      }
      if (claims) return claims;
      claims = await check(token);
      if (claims) {
        if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value!);
        remembered.set(token, claims);
      }
      return claims;
    },
  };
}
