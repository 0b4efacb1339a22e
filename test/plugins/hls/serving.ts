/** The plugin's routes over a house's services, on a real socket. */
import { hlsRoutes } from "../../../plugins/hls/routes.ts";
import type { Hls } from "../../../plugins/hls/service.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";

export interface Serving extends TestHttp {
  /** Of an item's playlist, with a token in its path. */
  playlist(id: string, codecs?: string): Promise<string>;
}

export async function serving(hls: Hls): Promise<Serving> {
  const http = await startHttp({
    routes: (auth) => hlsRoutes(hls, auth.guards),
    server: { rate_limit_ip_per_minute: 10_000, rate_limit_user_per_minute: 10_000 },
  });
  const playlist = async (id: string, codecs = "all") => {
    const token = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, id);
    return `${http.url}/hls/${token}/${id}/index.m3u8?codecs=${codecs}`;
  };
  return { ...http, playlist };
}
