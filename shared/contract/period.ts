import { z } from 'zod';
import { HISTORY_START_MS, parseInstant } from './events.ts';

/** Parameters that say which stretch of time is meant. */

/** Beyond these nothing was recorded, and dates of programs gone wrong lie. */
const EARLIEST = '2000-01-01';
const LATEST = '2099-12-31';
const LATEST_MS = Date.UTC(2100, 0, 1);
const BOUNDS = `must be between ${EARLIEST} and ${LATEST}`;

/** A local day, e.g. 2026-11-25. */
export const dateParameter = z.iso
  .date({ error: 'must be a date, like 2026-11-25' })
  .refine((date) => date >= EARLIEST && date <= LATEST, BOUNDS);

/** An instant as ISO 8601 with a zone; becomes epoch ms. */
export const instantParameter = z.string().transform((text, context) => {
  // A plus sign that was not encoded has become a space.
  const ms = parseInstant(text.replace(' ', '+'));
  if (ms >= HISTORY_START_MS && ms <= LATEST_MS) return ms;
  const message = Number.isNaN(ms) ? 'must be an instant with a zone, like 2026-11-25T10:42:00Z' : BOUNDS;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const timeZoneParameter = z
  .string()
  .max(64)
  .refine(isZone, 'must be an IANA time zone, e.g. Europe/Berlin');

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
