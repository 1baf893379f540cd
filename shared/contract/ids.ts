import { z } from 'zod';

/** The longest id, name or key a source may send, in UTF-16 code units. */
export const ID_LIMIT = 128;

/**
 * What never belongs in an id or a name: control characters (NUL breaks PostgreSQL text), lone surrogates
 * (break JSON round trips), bidirectional overrides (make one agent look like another on a wall) [S63].
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** True when every character can be shown as it is: see {@link UNPRINTABLE} for what cannot. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !UNPRINTABLE.test(text);
}

/** An identifier a source chose (call, queue, agent, source key): 1–128 printable characters, kept verbatim. */
export const id = z
  .string({ error: 'must be text' })
  .min(1, 'must not be empty')
  .max(ID_LIMIT, `must be at most ${ID_LIMIT} characters`)
  .refine(isPrintable, 'must not contain control characters, lone surrogates or direction overrides');

/** Free text shown to people: printable, bounded. */
export function text(limit: number) {
  return z
    .string({ error: 'must be text' })
    .max(limit, `must be at most ${limit} characters`)
    .refine(isPrintable, 'must not contain control characters, lone surrogates or direction overrides');
}
