/**
 * What can go wrong, as the caller may read it. `message` is public: it never holds a path of the machine, SQL or a
 * submitted value. The private story goes into `cause`, which only the log sees.
 */

/** Exit codes of the command line, after sysexits.h. */
export const EXIT = {
  done: 0,
  failed: 1,
  someFailed: 2,
  usage: 64,
  noInput: 66,
  unavailable: 69,
  bug: 70,
  cannotCreate: 73,
  locked: 75,
  permission: 77,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface AppErrorOptions {
  /** The private cause: logged, never sent. */
  cause?: unknown;
  /** Overrides the class's exit code on the command line. */
  exitCode?: ExitCode;
  /** Seconds after which asking again makes sense; sent as Retry-After. */
  retryAfter?: number;
}

/** The one base class that services throw; `http/errors.ts` and `cli.ts` turn it into an answer or a line. */
export class AppError extends Error {
  readonly status: number;
  readonly exitCode: ExitCode;
  readonly retryAfter: number | undefined;

  constructor(message: string, status: number, exitCode: ExitCode, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.status = status;
    this.exitCode = options.exitCode ?? exitCode;
    this.retryAfter = options.retryAfter;
  }
}

const kind = (status: number, exitCode: ExitCode) =>
  class extends AppError {
    constructor(message: string, options?: AppErrorOptions) {
      super(message, status, exitCode, options);
    }
  };

/** 400: the request cannot be understood. */
export class BadRequest extends kind(400, EXIT.usage) {}
/** 401: no token, or one that is not valid any more. */
export class Unauthorized extends kind(401, EXIT.permission) {}
/** 403: known, but not allowed. */
export class Forbidden extends kind(403, EXIT.permission) {}
/** 404: there is no such thing. */
export class NotFound extends kind(404, EXIT.noInput) {}
/** 409: the state of things does not allow it. */
export class Conflict extends kind(409, EXIT.failed) {}
/** 410: it was there, and is not any more. */
export class Gone extends kind(410, EXIT.noInput) {}
/** 413: more than is taken. */
export class TooLarge extends kind(413, EXIT.usage) {}
/** 415: a content type that is not taken. */
export class UnsupportedMediaType extends kind(415, EXIT.usage) {}
/** 422: understood, but a field is not valid. */
export class Unprocessable extends kind(422, EXIT.usage) {}
/** 429: too often; carries `retryAfter`. */
export class TooManyRequests extends kind(429, EXIT.unavailable) {}
/** 503: something that is needed cannot be reached. */
export class Unavailable extends kind(503, EXIT.unavailable) {}
/** 64: the command line is wrong. */
export class UsageError extends kind(400, EXIT.usage) {}
/** 66: a file or folder that was named does not exist. */
export class NoInput extends kind(404, EXIT.noInput) {}
/** 73: a file or folder cannot be made. */
export class CannotCreate extends kind(500, EXIT.cannotCreate) {}
/** 75: somebody else holds the lock. */
export class Locked extends kind(409, EXIT.locked) {}
/** 77: the operating system refuses. */
export class PermissionDenied extends kind(500, EXIT.permission) {}
/** 78: the configuration is wrong. */
export class ConfigError extends kind(500, EXIT.config) {}
