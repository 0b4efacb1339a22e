/** Who may say that a download is complete: qBittorrent with the token of the configuration, and admins. */
import { timingSafeEqual } from "node:crypto";
import { Forbidden, type Guards, Unauthorized } from "../../src/plugin.ts";

const HELP = "set qbittorrent.hook_token and send it as a Bearer token";

/** A guard: throws `Unauthorized` or `Forbidden`. */
export const createHookGuard =
  (token: string, auth: Guards) =>
  async (context: Parameters<Guards["admin"]>[0]): Promise<void> => {
    const given = /^Bearer +(\S+) *$/i.exec(context.request.headers.get("authorization") ?? "")?.[1] ?? "";
    if (token !== "" && isSame(given, token)) return;
    try {
      await auth.admin(context);
    } catch (error) {
      if (token === "" && error instanceof Unauthorized) throw new Forbidden(HELP);
      throw error;
    }
  };

/** Takes as long for a token that is nearly right as for any other of its length. */
const isSame = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));

const digest = (text: string): Uint8Array => new Bun.CryptoHasher("sha256").update(text).digest();
