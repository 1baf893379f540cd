import type { ErrorBody, Issue } from '../../shared/contract/errors.ts';

/** The server said no, and why. */
export class Refused extends Error {
  readonly code: ErrorBody['error']['code'];
  readonly issues: readonly Issue[];
  /** Of a conflict, where the address says so: what there is. */
  readonly current: object | undefined;

  constructor({ code, message, issues, current }: ErrorBody['error']) {
    super(message);
    this.code = code;
    this.issues = issues;
    this.current = current;
  }
}

/** One request to `/api/v1` below `base`. Rejects with `Refused` where the server says no. */
export async function ask(
  base: URL,
  method: string,
  path: string,
  { body, token, signal }: { body?: object | undefined; token?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  const response = await fetch(new URL(`api/v1/${path}`, base), {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (response.ok) return response;
  throw new Refused(await errorOf(response));
}

/** What the server says went wrong; a proxy in between may answer in its own words. */
async function errorOf(response: Response): Promise<ErrorBody['error']> {
  try {
    const body: ErrorBody = await response.json();
    if (typeof body.error.message === 'string') return body.error;
  } catch {
    // Not ours.
  }
  return { code: 'internal', message: '', issues: [], requestId: '' };
}
