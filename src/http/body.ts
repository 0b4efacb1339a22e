/** Reading a request's body: JSON only, bounded in bytes, in depth and in time. */
import { AppError, BadRequest, EXIT, TooLarge, UnsupportedMediaType } from "../errors.ts";

export interface BodyLimits {
  /** Bytes. */
  maxBytes: number;
  /** Milliseconds from the first look to the last byte, however busily it drips. */
  deadlineMs: number;
}

export const BODY_LIMITS: BodyLimits = { maxBytes: 1 << 20, deadlineMs: 30_000 };

/** Deeper than any document of ours, shallower than any stack. */
const MAX_DEPTH = 64;

/**
 * The parsed body; undefined when there is none. Nothing but `application/json` is taken: a form of another site can send
 * the other types without asking the browser's leave (CORS, "simple requests").
 * @throws UnsupportedMediaType, TooLarge, BadRequest; 408 when it does not arrive in time
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  if (request.body === null) return undefined;
  const { headers } = request;
  if (!/^application\/json *(;|$)/i.test(headers.get("content-type") ?? "")) {
    throw new UnsupportedMediaType("send JSON, with Content-Type: application/json");
  }
  if ((headers.get("content-encoding") ?? "identity") !== "identity") {
    throw new UnsupportedMediaType("send the body as it is, without Content-Encoding");
  }
  if (Number(headers.get("content-length")) > limits.maxBytes) throw tooLarge(limits);
  const text = await readText(request.body, limits);
  if (isTooDeep(text)) throw new BadRequest(`the body is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequest("the body is not valid JSON", { cause: error });
  }
}

const tooLarge = ({ maxBytes }: BodyLimits) => new TooLarge(`the body is larger than ${maxBytes} bytes`);

async function readText(body: ReadableStream<Uint8Array>, limits: BodyLimits): Promise<string> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let late = false;
  // Cancelling ends the pending read: it then reports the end of the body.
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, limits.deadlineMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late) throw new AppError("the body did not arrive in time", 408, EXIT.usage);
      if (done) break;
      bytes += value.byteLength;
      if (bytes > limits.maxBytes) throw tooLarge(limits);
      chunks.push(value);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new BadRequest("the body ended early", { cause: error });
  } finally {
    clearTimeout(timer);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new BadRequest("the body is not UTF-8", { cause: error });
  }
}

/** Counts brackets outside of strings, before anything recursive sees the text. */
export function isTooDeep(json: string, maxDepth = MAX_DEPTH): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (quoted) {
      if (char === 0x5c) i++;
      else if (char === 0x22) quoted = false;
    } else if (char === 0x22) quoted = true;
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
  return false;
}
