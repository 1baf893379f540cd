import type { Database } from '../../db/connect.ts';
import { readMarks } from '../../history/retention/marks.ts';
import { BUILD_REACH_MS } from '../../log/build.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { refusal } from '../asked.ts';
import { dayRange } from '../calendar.ts';
import type { Centre } from '../centre.ts';

/** The local day of a date; AppError `bad_request` for one that has not begun, or of which not everything is kept. */
export async function dayOf(
  db: Pick<Database, 'sql'>,
  { tenantId, calendar }: Centre,
  date: string,
  now: number,
): Promise<LocalDay> {
  const { from: start, to: end } = dayRange(date, date, calendar);
  const day = { start, end };
  if (day.start > now) throw refusal('date', 'must not be in the future');
  if (day.start < (await provableSince(db, tenantId)))
    throw refusal('date', 'the log, or the figures made of it, are not kept as far back');
  return day;
}

/** The first instant at which a day may begin of which log, facts and roll-ups are whole; epoch ms. */
export async function provableSince(db: Pick<Database, 'sql'>, tenantId: string): Promise<number> {
  const { eventsSince, factsSince, rollupsSince } = await readMarks(db, tenantId);
  const log = eventsSince === 0 ? 0 : eventsSince + BUILD_REACH_MS;
  return Math.max(log, factsSince, rollupsSince);
}
