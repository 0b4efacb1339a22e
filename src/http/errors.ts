/** The one place that turns what was thrown into what a caller reads. */
import { InvalidCookieSignature, InvalidFileType, NotFoundError, ParseError, ValidationError } from "elysia";
import { isOutage } from "../db/outage.ts";
import { AppError, Unauthorized } from "../errors.ts";
import { validationMessage } from "./validation-message.ts";

export interface ErrorAnswer {
  status: number;
  message: string;
  headers: Record<string, string>;
  /** Nobody foresaw it: the caller learns the request id only, the log learns everything. */
  unforeseen: boolean;
}

/** Seconds after which a caller may ask again when the database was away. */
const DATABASE_RETRY_SECS = 2;

/**
 * Maps by `instanceof` and by PostgreSQL's own codes; never by Elysia's `code`, which copies any `error.code`.
 * @param sent the query and path parameters, to name the field that is not valid
 */
export function answerFor(error: unknown, sent: Parameters<typeof validationMessage>[1] = {}): ErrorAnswer {
  // Elysia wraps whatever a body parser throws.
  if (error instanceof ParseError && error.cause instanceof AppError) return answerFor(error.cause, sent);
  if (error instanceof AppError) {
    const headers: Record<string, string> = {};
    if (error.retryAfter !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(error.retryAfter)));
    if (error instanceof Unauthorized) headers["www-authenticate"] = "Bearer";
    return answer(error.status, error.message, headers);
  }
  if (error instanceof NotFoundError) return answer(404, "not found");
  if (error instanceof ParseError) return answer(400, "the body is not valid JSON");
  // An answer of ours that does not fit its own schema is a bug of ours, not the caller's.
  if (error instanceof ValidationError && error.type !== "response") {
    return answer(422, validationMessage(error, sent));
  }
  if (error instanceof InvalidFileType) return answer(422, "body: expected another type of file");
  if (error instanceof InvalidCookieSignature) return answer(400, "the cookie is not valid");
  if (UNSTORABLE.has(codeOf(error))) return answer(400, "a text holds a character that cannot be stored");
  if (isOutage(error) && !isMissingFile(error)) {
    return answer(503, "the database cannot be reached, try again soon", {
      "retry-after": String(DATABASE_RETRY_SECS),
    });
  }
  return { ...answer(500, "internal error"), unforeseen: true };
}

const answer = (status: number, message: string, headers: Record<string, string> = {}): ErrorAnswer => ({
  status,
  message,
  headers,
  unforeseen: false,
});

/** The body of every error; from 500 on with the id under which the log has the rest. */
export const errorBody = ({ status, message }: ErrorAnswer, requestId: string): Record<string, string> =>
  status >= 500 ? { error: message, request_id: requestId } : { error: message };

/** A zero byte or half a surrogate pair inside a text. */
const UNSTORABLE = new Set(["22021", "22P05"]);

/** ENOENT is an outage when it is the database's socket that is not there; a file that is not there is not. */
const isMissingFile = (error: unknown): boolean =>
  codeOf(error) === "ENOENT" && (error as NodeJS.ErrnoException).syscall !== "connect";

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
