/** `/api/stream`, `/api/jobs/hls` and the files of renditions under `/hls`. */
import { type AnyElysia, Elysia, t } from "elysia";
import { type Guards, NotFound, Unauthorized } from "../../src/plugin.ts";
import { MEDIA_ID } from "./cache.ts";
import { originOf } from "./origin.ts";
import { PLAYLIST, withQuery } from "./playlist.ts";
import type { Hls } from "./service.ts";

const tags = ["hls"];
const security = [{ bearer: [] }];
const id = t.Object({ id: t.String({ description: "The media id, 16 hex digits" }) });
const error = t.Object({ error: t.String() });
const queued = t.Object({ status: t.Literal("queued"), job_id: t.String({ format: "uuid" }) });
const stream = t.Object({
  id: t.String(),
  playlist_url: t.String({ description: "For players; works for 12 hours, without a login" }),
  watch_url: t.String({ description: "A page that plays it in a browser" }),
});

/** What a rendition's files are served as. */
const TYPES: Record<string, string> = {
  m3u8: "application/vnd.apple.mpegurl",
  mp4: "video/mp4",
  m4s: "video/iso.segment",
  ts: "video/mp2t",
};
/** What a key names never changes; a player that seeks back need not ask again. */
const SEGMENT_CACHE = "private, max-age=3600";

export function hlsRoutes(hls: Hls, auth: Guards): AnyElysia {
  const api = new Elysia()
    .derive(auth.user)
    .get(
      "/api/stream/:id",
      async ({ params, request, caller, set, status }) => {
        set.headers["cache-control"] = "private, no-store";
        const media = await hls.find(params.id);
        if (!(await hls.ready(media))) {
          return status(202, { status: "queued" as const, job_id: await hls.enqueue(media) });
        }
        const base = originOf(request);
        const token = await auth.signFileToken(caller, media.id);
        return {
          id: media.id,
          playlist_url: `${base}/hls/${token}/${media.id}/${PLAYLIST}`,
          watch_url: `${base}/watch/${token}/${media.id}`,
        };
      },
      {
        params: id,
        response: { 200: stream, 202: queued, 404: error },
        detail: { tags, security, summary: "Where to play an item, once it is ready; asks for that when it is not" },
      },
    )
    .post(
      "/api/jobs/hls/:id",
      async ({ params, set }) => {
        set.status = 202;
        return { job_id: await hls.enqueue(await hls.find(params.id)) };
      },
      {
        params: id,
        response: { 202: t.Object({ job_id: t.String({ format: "uuid" }) }), 404: error },
        detail: { tags, security, summary: "Makes the rendition of an item" },
      },
    );

  const admit = async (token: string | undefined, mediaId: string) => {
    // Also what is left when the last part of a path is missing: then the token stands in the place of the id.
    if (!MEDIA_ID.test(mediaId)) throw new NotFound("there is no such file");
    if (!token) throw new Unauthorized("log in: a Bearer token or ?token= is needed");
    await auth.checkFileToken(token, mediaId);
  };
  const query = t.Object({ token: t.Optional(t.String()), v: t.Optional(t.String()) });
  // The router knows one name for each place in a path; with two parts the first is the id, with three the token.
  const files = new Elysia()
    .get(
      "/hls/:first/:second/:file",
      async ({ params: { first: token, second: mediaId, file }, query: { v } }) => {
        await admit(token, mediaId);
        return serve(hls, { mediaId, file, key: v });
      },
      {
        query,
        detail: { tags, summary: "A file of a rendition: /hls/TOKEN/ID/index.m3u8 and what it names", security: [] },
      },
    )
    .get(
      "/hls/:first/:second",
      async ({ params: { first: mediaId, second: file }, query: { v, token }, headers }) => {
        await admit(token ?? bearer(headers.authorization), mediaId);
        return serve(hls, { mediaId, file, key: v, token });
      },
      {
        query,
        detail: { tags, summary: "The same as /hls/ID/FILE, with a Bearer token or ?token=", security },
      },
    );
  return new Elysia({ name: "hls" }).use(api).use(files);
}

interface Wanted {
  mediaId: string;
  file: string;
  /** The rendition; every address in a playlist carries it, so that a replaced file is never mixed with the old one. */
  key: string | undefined;
  /** Given as a query, which addresses in the list do not inherit. */
  token?: string;
}

async function serve(hls: Hls, { mediaId, file, key: asked, token }: Wanted): Promise<Response> {
  // A player that reloads the list gets the present one; it may be a new rendition.
  const { path, key } = await hls.open(mediaId, file === PLAYLIST ? undefined : asked, file);
  const type = TYPES[file.slice(file.lastIndexOf(".") + 1)];
  if (!type) throw new NotFound("there is no such file");
  if (file !== PLAYLIST) {
    return new Response(Bun.file(path), {
      headers: { "Content-Type": type, "Cache-Control": SEGMENT_CACHE },
    });
  }
  const list = withQuery(await Bun.file(path).text(), new URLSearchParams({ v: key, ...(token && { token }) }));
  return new Response(list, { headers: { "Content-Type": type, "Cache-Control": "private, no-store" } });
}

const bearer = (header: string | undefined): string | undefined => /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
