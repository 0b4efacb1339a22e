/** `/api/stream`, `/api/jobs/hls`, and what playlists name under `/hls`. */
import { type AnyElysia, Elysia, t } from "elysia";
import { type Caller, type Guards, NotFound, Unauthorized } from "../../src/plugin.ts";
import { answerFor } from "./answer.ts";
import { MEDIA_ID } from "./cache-names.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { directResponse } from "./direct.ts";
import { originOf } from "./origin.ts";
import { serveFile, serveFont } from "./serve.ts";
import type { Hls } from "./service.ts";

const tags = ["hls"];
const security = [{ bearer: [] }];
const id = t.Object({ id: t.String({ description: "The media id, 16 hex digits" }) });
const codecs = t.Optional(
  t.String({
    maxLength: 2048,
    description:
      "What the player decodes, as codec strings that MediaSource.isTypeSupported said yes to (`avc1.640028,mp4a.40.2,fLaC`), or `all`. Without it: H.264 of 8 bit and AAC, but all for mpv, VLC, Kodi and Infuse",
  }),
);
const error = t.Object({ error: t.String() });
const queued = t.Object({ status: t.Literal("queued"), job_id: t.String({ format: "uuid" }) });
const nullable = <T extends Parameters<typeof t.Nullable>[0]>(type: T) => t.Nullable(type);
const track = t.Object({ index: t.Integer(), codec: t.String() }, { additionalProperties: true });
const stream = t.Object({
  id: t.String(),
  playlist_url: t.String({ description: "HLS, complete at once; works for 12 hours, without a login" }),
  direct_url: t.String({ description: "The file itself, with ranges: the best for players that take any container" }),
  watch_url: t.String({ description: "A page that plays it in a browser" }),
  mode: t.Union([t.Literal("direct"), t.Literal("copy"), t.Literal("transcode_audio"), t.Literal("transcode")], {
    description: "direct: play direct_url. Otherwise what is done to the tracks that playlist_url names",
  }),
  duration: nullable(t.Number({ description: "Seconds" })),
  video: nullable(track),
  audio: t.Array(track),
  subtitles: t.Array(track),
  fonts: t.Array(t.Object({ name: t.String(), url: t.String() })),
  chapters: t.Array(t.Object({ start: t.Number(), end: nullable(t.Number()), title: t.String() })),
  thumbnails_url: t.String({ description: "WebVTT that names pictures of every ten seconds; 404 until they are made" }),
});

/** Shown to a player in its own words, as JSON. */
export const DESCRIPTION = "stream.json";

export function hlsRoutes(hls: Hls, auth: Guards): AnyElysia {
  const api = new Elysia()
    .derive(auth.user)
    .get(
      "/api/stream/:id",
      async ({ params, query, request, caller, set, status }) => {
        set.headers["cache-control"] = "private, no-store";
        const answer = await describe(hls, request, params.id, query.codecs, (mediaId) =>
          auth.signFileToken(caller, mediaId),
        );
        return "status" in answer ? status(202, answer) : answer;
      },
      {
        params: id,
        query: t.Object({ codecs }),
        response: { 200: stream, 202: queued, 404: error, 410: error, 422: error },
        detail: {
          tags,
          security,
          summary: "How to play an item",
          description:
            "At once in nearly every case. 202 with a job where something has to be made first: a file that can be cut, of one that cannot, or with hls.on_demand = false the whole rendition.",
        },
      },
    )
    .post(
      "/api/jobs/hls/:id",
      async ({ params, query, request, set }) => {
        set.status = 202;
        const media = await hls.find(params.id);
        return { job_id: await hls.enqueue(media, capabilitiesOf(query.codecs, request.headers.get("user-agent"))) };
      },
      {
        params: id,
        query: t.Object({ codecs }),
        response: { 202: t.Object({ job_id: t.String({ format: "uuid" }) }), 404: error },
        detail: { tags, security, summary: "Makes the whole rendition of an item on disk" },
      },
    );

  const admit = async (token: string | undefined, mediaId: string): Promise<Caller> => {
    // Also what is left when the last part of a path is missing: then the token stands in the place of the id.
    if (!MEDIA_ID.test(mediaId)) throw new NotFound("there is no such file");
    if (!token) throw new Unauthorized("log in: a Bearer token or ?token= is needed");
    return auth.checkFileToken(token, mediaId);
  };
  const query = t.Object({ token: t.Optional(t.String()), v: t.Optional(t.String()), codecs });
  /** `/hls/TOKEN/ID/…` gives the token in the path; `/hls/ID/…` as a header, or as a query that every address must carry on. */
  const file = async (request: Request, asked: Asked, inPath: string | undefined, { token, v, codecs }: Query) => {
    const given = inPath ?? token ?? bearer(request.headers.get("authorization") ?? undefined);
    const caller = await admit(given, asked.mediaId);
    if (asked.folder === "fonts") return serveFont(hls, asked.mediaId, asked.file);
    if (asked.file === DESCRIPTION) {
      const sign = async (mediaId: string) => inPath ?? auth.signFileToken(caller, mediaId);
      const answer = await describe(hls, request, asked.mediaId, codecs, sign);
      return Response.json(answer, {
        status: "status" in answer ? 202 : 200,
        headers: { "cache-control": "private, no-store" },
      });
    }
    const userAgent = request.headers.get("user-agent");
    return serveFile(hls, { ...asked, key: v, codecs, userAgent, token: inPath ? undefined : token }, request.signal);
  };
  const direct = async (request: Request, mediaId: string, token: string | undefined) => {
    await admit(token, mediaId);
    return directResponse(request, await hls.find(mediaId));
  };
  const summary = "A file that a playlist names, or the playlist: /hls/TOKEN/ID/index.m3u8";
  const withHeader = "The same with a Bearer token or ?token=: /hls/ID/index.m3u8";
  // The router knows one name for each place in a path: with one part less the token is missing, and the id comes first.
  const files = new Elysia()
    .get(
      "/hls/:first/:second/:third/:fourth",
      ({ request, params: { first, second, third, fourth }, query }) =>
        file(request, { mediaId: second, folder: third, file: fourth }, first, query),
      { query, detail: { tags, security: [], summary: "A font of a file: /hls/TOKEN/ID/fonts/NAME" } },
    )
    .get(
      "/hls/:first/:second/:third",
      ({ request, params: { first, second, third }, query }) =>
        second === "fonts"
          ? file(request, { mediaId: first, folder: second, file: third }, undefined, query)
          : file(request, { mediaId: second, file: third }, first, query),
      { query, detail: { tags, security: [], summary } },
    )
    .get(
      "/hls/:first/:second",
      ({ request, params: { first, second }, query }) =>
        file(request, { mediaId: first, file: second }, undefined, query),
      { query, detail: { tags, security, summary: withHeader } },
    )
    .get("/media/:first/:second/:third", ({ request, params: { first, second } }) => direct(request, second, first), {
      detail: { tags, security: [], summary: "The media file itself, with ranges: /media/TOKEN/ID/NAME" },
    })
    .get(
      "/media/:first/:second",
      ({ request, params: { first }, query: { token }, headers }) =>
        direct(request, first, token ?? bearer(headers.authorization)),
      { query, detail: { tags, security, summary: "The same with a Bearer token or ?token=: /media/ID/NAME" } },
    );
  return new Elysia({ name: "hls" }).use(api).use(files);
}

interface Asked {
  mediaId: string;
  folder?: string;
  file: string;
}

interface Query {
  token?: string;
  v?: string;
  codecs?: string;
}

async function describe(
  hls: Hls,
  request: Request,
  mediaId: string,
  codecs: string | undefined,
  sign: (mediaId: string) => Promise<string>,
) {
  const media = await hls.find(mediaId);
  const capabilities = capabilitiesOf(codecs, request.headers.get("user-agent"));
  const show = await hls.ready(media, capabilities);
  if (!show) return { status: "queued" as const, job_id: await hls.prepare(media, capabilities) };
  await hls.wantThumbnails(media);
  const address = { origin: originOf(request), token: await sign(media.id), codecs };
  return answerFor(media, show.stream, capabilities, address);
}

const bearer = (header: string | undefined): string | undefined => /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
