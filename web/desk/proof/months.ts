import type { StoredReconciliation } from '../../../shared/contract/reconciliation.ts';
import { isDate, monthEnd, monthStart, plusDays, plusMonths, weekdayOf } from '../days.ts';
import type { Days } from '../presets.ts';
import type { Problem } from '../view.ts';

/** Months as the page of proofs shows them, and what its address says. Pure. */

/** So many months are seen at once. */
export const MONTHS = 3;

export interface ProofView {
  /** The first day of the last month shown. */
  month: string;
  /** The day that is opened. */
  day: string | null;
}

export function proofViewOf(query: string, today: string): { view: ProofView; problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const problems: Problem[] = [];
  const asked = parameters.get('month') ?? '';
  const isMonth = /^\d{4}-\d\d$/.test(asked) && isDate(`${asked}-01`);
  if (asked !== '' && !isMonth) problems.push({ kind: 'date', value: asked });
  const day = parameters.get('day') ?? '';
  if (day !== '' && !isDate(day)) problems.push({ kind: 'date', value: day });
  const opened = isDate(day) ? day : null;
  const usual = monthStart(
    opened !== null && opened < plusMonths(monthStart(today), 1 - MONTHS) ? opened : today,
  );
  return { view: { month: isMonth ? `${asked}-01` : usual, day: opened }, problems };
}

export function addressOfProof({ month, day }: ProofView, today: string): string {
  const parameters = new URLSearchParams();
  if (month !== monthStart(today)) parameters.set('month', month.slice(0, 7));
  if (day !== null) parameters.set('day', day);
  const query = parameters.toString();
  return query === '' ? '#/proof' : `#/proof?${query}`;
}

/** The days of the months shown, up to today. */
export function daysShown(month: string, today: string): Days {
  const end = monthEnd(month);
  return { startDate: plusMonths(month, 1 - MONTHS), endDate: end < today ? end : today };
}

/** The weeks of a month; null where a week has days of another. */
export function weeksOf(month: string, weekStart: number): (string | null)[][] {
  const lead = (weekdayOf(month) - weekStart + 7) % 7;
  const length = Number(monthEnd(month).slice(8));
  const days = Array.from({ length: Math.ceil((lead + length) / 7) * 7 }, (_, place) =>
    place < lead || place >= lead + length ? null : plusDays(month, place - lead),
  );
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** How many days are in each state. */
export function counted(
  days: readonly StoredReconciliation[],
): Record<StoredReconciliation['state'], number> {
  const counts = { proven: 0, different: 0, unsettled: 0, waiting: 0 };
  for (const { state } of days) counts[state] += 1;
  return counts;
}
