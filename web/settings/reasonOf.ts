import { Refused } from '../app/ask.ts';

/** What the server says about the field itself, else about the whole; null where it said nothing. */
export function reasonOf(error: unknown): string | null {
  if (!(error instanceof Refused)) return null;
  return error.issues[0]?.message ?? (error.message === '' ? null : error.message);
}
