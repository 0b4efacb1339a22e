/** `/api/qbittorrent`: for admins, and for qBittorrent itself. */
import { type AnyElysia, Elysia, t } from "elysia";
import type { Guards } from "../../src/plugin.ts";
import { createHookGuard } from "./hook.ts";
import type { Added, Downloads } from "./service.ts";
import { readUpload } from "./upload.ts";
import { tell } from "./words.ts";

const tags = ["qbittorrent"];
const security = [{ bearer: [] }];
const error = t.Object({ error: t.String() });
const queued = t.Object({ job_id: t.String({ format: "uuid" }) });
const added = t.Object({
  hash: t.String({ description: "Of the torrent, 40 hex digits" }),
  status: t.Union([t.Literal("added"), t.Literal("already there")]),
});
// Not `t.UnionEnum`: it makes its first value the default.
const status = t.Union(
  [
    t.Literal("new"),
    t.Literal("known"),
    t.Literal("waiting"),
    t.Literal("unfinished"),
    t.Literal("outside"),
    t.Literal("misplaced"),
  ],
  { description: "known: in the library; outside: not in its folder; misplaced: so, although anicargo added it" },
);
const Torrent = t.Object({
  hash: t.String(),
  name: t.String(),
  category: t.String(),
  state: t.String({ description: "qBittorrent's own word" }),
  progress: t.Number({ description: "0 to 1" }),
  status,
  detail: t.String({ description: "The status in a line for people" }),
});

export function qbittorrentRoutes(downloads: Downloads, auth: Guards): AnyElysia {
  const forAdmins = new Elysia()
    .derive(auth.admin)
    .get(
      "/api/qbittorrent/torrents",
      async ({ request: { signal } }) => ({
        torrents: (await downloads.survey(signal)).map(({ torrent, finding }) => ({
          hash: torrent.hash,
          name: torrent.name,
          category: torrent.category,
          state: torrent.state,
          progress: torrent.progress,
          status: finding.is,
          detail: tell(finding),
        })),
      }),
      {
        response: { 200: t.Object({ torrents: t.Array(Torrent) }), 503: error },
        detail: { tags, security, summary: "What each torrent of qBittorrent is to the library" },
      },
    )
    .post(
      "/api/qbittorrent/torrents",
      async ({ request, set }): Promise<Added> => {
        const upload = await readUpload(request);
        const answer =
          "magnet" in upload ? await downloads.addMagnet(upload.magnet) : await downloads.addFile(upload.file);
        set.status = 202;
        return answer;
      },
      {
        // The handler reads the body, once it is known who asks.
        parse: () => null,
        response: { 202: added, 422: error, 503: error },
        detail: {
          tags,
          security,
          summary: "Queues a download",
          description:
            "A magnet link as JSON, or a .torrent file as `multipart/form-data`, in a field named `torrent`.",
          requestBody: {
            required: true,
            content: { "application/json": { schema: t.Object({ magnet: t.String() }) } },
          },
        },
      },
    )
    .post("/api/qbittorrent/sync", async ({ status }) => status(202, { job_id: await downloads.requestSync() }), {
      response: { 202: queued },
      detail: { tags, security, summary: "Looks for completed torrents and takes them into the library" },
    });
  const guard = createHookGuard(downloads.config.hook_token, auth);
  const forQbittorrent = new Elysia().post(
    "/api/qbittorrent/completed",
    async ({ request, status }) => {
      await guard({ request });
      return status(202, { job_id: await downloads.requestSync() });
    },
    {
      response: { 202: queued },
      detail: {
        tags,
        security,
        summary: "The same, for qBittorrent to call when a torrent completes",
        description: "With `qbittorrent.hook_token` as the Bearer token; an admin's login does as well.",
      },
    },
  );
  return new Elysia({ name: "qbittorrent" }).use(forAdmins).use(forQbittorrent);
}
