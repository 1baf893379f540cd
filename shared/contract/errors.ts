/**
 * Every error code Callboard answers with: one table, so that an operator reads in one place what a code means,
 * which HTTP status carries it and whether a retry can help.
 */
export const ERROR_CODES = {
  bad_request: {
    status: 400,
    retryable: false,
    meaning: 'The request is malformed; issues name the fields.',
  },
  invalid_events: {
    status: 400,
    retryable: false,
    meaning: 'One or more events are invalid; nothing was stored.',
  },
  unauthorized: { status: 401, retryable: false, meaning: 'No valid credentials were presented.' },
  forbidden: { status: 403, retryable: false, meaning: 'The credentials do not allow this.' },
  not_found: { status: 404, retryable: false, meaning: 'There is nothing at this address.' },
  timeout: { status: 408, retryable: true, meaning: 'The request body arrived too slowly.' },
  conflict: {
    status: 409,
    retryable: false,
    meaning: 'The state has changed meanwhile; read it and try again.',
  },
  too_large: { status: 413, retryable: false, meaning: 'The body or batch is larger than allowed.' },
  unsupported_media: { status: 415, retryable: false, meaning: 'The content type is not accepted here.' },
  too_many_requests: { status: 429, retryable: true, meaning: 'A rate or concurrency limit was reached.' },
  internal: {
    status: 500,
    retryable: false,
    meaning: 'A defect in the server; the request id finds its log line.',
  },
  overloaded: {
    status: 503,
    retryable: true,
    meaning: 'Too much is waiting; Retry-After says when to come back.',
  },
  database_unavailable: {
    status: 503,
    retryable: true,
    meaning: 'The database does not answer; nothing was stored.',
  },
  catching_up: { status: 503, retryable: true, meaning: 'Live state is still being built from the log.' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One problem with one field. `index` is the event's place in a batch, `line` the line of an imported file. */
export interface Issue {
  path: string;
  message: string;
  index?: number;
  line?: number;
}

/** The body of every 4xx and 5xx answer. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    issues: Issue[];
    requestId: string;
    /** Of a conflict, where the address says so: what there is, in the shape the address answers with. */
    current?: object;
  };
}
