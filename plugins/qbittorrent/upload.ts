/** The body of a request to add a torrent: JSON with a magnet link, or a .torrent file as a form. */
import { AppError, BadRequest, EXIT, TooLarge, Unprocessable, UnsupportedMediaType } from "../../src/plugin.ts";

/** Of ten thousand pieces and files a .torrent has less than a MiB. Bytes. */
export const LARGEST_TORRENT = 8 << 20;
/** The form around the file. Bytes. */
const FORM = 16 << 10;
/** Milliseconds. */
const DEADLINE_MS = 30_000;

export type Upload = { magnet: string } | { file: Uint8Array };

/** @throws UnsupportedMediaType, TooLarge, BadRequest, Unprocessable; 408 when it does not arrive in time */
export async function readUpload(request: Request, deadlineMs = DEADLINE_MS): Promise<Upload> {
  const type = request.headers.get("content-type") ?? "";
  if (/^application\/json *(;|$)/i.test(type)) return { magnet: magnetOf(await readBody(request, deadlineMs)) };
  if (!/^multipart\/form-data *;/i.test(type)) {
    throw new UnsupportedMediaType('send JSON, {"magnet":"magnet:?…"}, or a .torrent file as multipart/form-data');
  }
  const body = await readBody(request, deadlineMs);
  const form = await new Response(body, { headers: { "content-type": type } }).formData().catch((cause) => {
    throw new BadRequest("the body is not a valid form", { cause });
  });
  const file = form.get("torrent");
  if (!(file instanceof Blob)) throw new Unprocessable("body.torrent: expected a .torrent file");
  return { file: await file.bytes() };
}

function magnetOf(body: Uint8Array<ArrayBuffer>): string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new BadRequest("the body is not valid JSON", { cause });
  }
  const magnet = (value as { magnet?: unknown } | null)?.magnet;
  if (typeof magnet !== "string") throw new Unprocessable("body.magnet: expected string");
  return magnet;
}

async function readBody({ body, headers }: Request, deadlineMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const limit = LARGEST_TORRENT + FORM;
  const tooLarge = () => new TooLarge(`a .torrent file may have ${LARGEST_TORRENT} bytes`);
  if (Number(headers.get("content-length")) > limit) throw tooLarge();
  const late = AbortSignal.timeout(deadlineMs);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body?.pipeThrough(new TransformStream(), { signal: late }) ?? []) {
      bytes += chunk.byteLength;
      if (bytes > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (late.aborted) throw new AppError("the body did not arrive in time", 408, EXIT.usage);
    throw error instanceof AppError ? error : new BadRequest("the body ended early", { cause: error });
  }
  return Buffer.concat(chunks);
}
