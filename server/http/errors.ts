import { ERROR_CODES, type ErrorCode, type Issue } from '../../shared/contract/errors.ts';

/** An error with an answer: its code decides the status, its message and issues are for the client. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: Issue[];
  readonly retryAfterSeconds: number | null;
  readonly current: object | null;

  constructor(
    code: ErrorCode,
    options: {
      message?: string;
      issues?: Issue[];
      retryAfterSeconds?: number;
      /** Of a conflict: what there is, as whoever asked may see it. */
      current?: object;
      cause?: unknown;
    } = {},
  ) {
    super(options.message ?? ERROR_CODES[code].meaning, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.issues = options.issues ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.current = options.current ?? null;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}

/** Errors of sockets and of postgres.js that mean the server cannot be reached, now. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECTION_CONNECT_TIMEOUT',
]);

/**
 * SQLSTATEs that go away by themselves or by an operator's hand, not by changing the request: connection (08), out of
 * disk, memory or connections (53), shutting down and starting (57P01–57P05), read-only standby (25006), I/O (58030).
 */
const UNAVAILABLE_STATES = /^(?:08...|53...|57P0[1-5]|25006|58030)$/;

/** True when the database could not do it now and may later [S67]; looks through the causes of wrapped errors. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && (UNREACHABLE.has(code) || UNAVAILABLE_STATES.test(code))) return true;
  }
  return false;
}
