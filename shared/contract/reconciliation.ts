import { z } from 'zod';
import { dateParameter } from './period.ts';

/** `/api/v1/analytics/reconciliation` and `…/reconciliations`: whether live, history and the log agree [R1]. */

/** Days a list may span. */
export const RECONCILIATION_DAYS_LIMIT = 366;

export const reconciliationQuery = z.strictObject({
  date: dateParameter,
  /** Beside the totals: what differs, or every figure of every sector, queue and agent. */
  rows: z.enum(['differences', 'all']).default('differences'),
});

export const reconciliationsQuery = z.strictObject({ startDate: dateParameter, endDate: dateParameter });

const value = z.number().nullable().optional();

/**
 * One figure, counted several ways; a way that does not cover it is left out, null is nothing to divide by [T4]. Names of
 * metrics are those of /analytics/performance.
 */
export const reconciliationRow = z.object({
  of: z.enum(['total', 'sector', 'queue', 'agent']),
  /** Of a sector, a queue or an agent; '' of the total. */
  id: z.string(),
  name: z.string(),
  metric: z.string(),
  /** `today` of the wall as of `settledAt`. */
  live: value,
  /** Roll-ups as the performance endpoints read them. */
  history: value,
  /** The visits, legs and intervals that roll-ups are made of, added up. */
  facts: value,
  /** Counted from the log by a program of its own. */
  recount: value,
  /** How far apart they are; null where some have a value and some have none. 0: they agree. */
  difference: z.number().nullable(),
});
export type ReconciliationRow = z.output<typeof reconciliationRow>;

/**
 * What is known of a day:
 *
 *   proven      every figure agrees
 *   different   some do not
 *   unsettled   something of it still waits, talks or is wrapped up
 *   waiting     to be looked at, for the first time or because something of it has changed since
 */
export const RECONCILIATION_STATES = ['proven', 'different', 'unsettled', 'waiting'] as const;
const state = z.enum(RECONCILIATION_STATES);

const audit = {
  date: z.iso.date(),
  state,
  /** When the last visit of the day ended, or was closed [V10]; null while it has not. */
  settledAt: z.iso.datetime().nullable(),
  /** Null where it was not looked at. */
  auditedAt: z.iso.datetime().nullable(),
  visits: z.number().int(),
  /** Figures compared, and how many of them differ. */
  compared: z.number().int(),
  different: z.number().int(),
};

export const reconciliation = z.object({
  ...audit,
  /** Of an unsettled day, as far as is known. */
  settlesAt: z.iso.datetime().nullable(),
  /** Everything is as of this place in the log. */
  seq: z.number().int().nullable(),
  rows: z.array(reconciliationRow),
});
export type Reconciliation = z.output<typeof reconciliation>;

/** `differences`: the first of them. */
export const storedReconciliation = z.object({ ...audit, differences: z.array(reconciliationRow) });
export type StoredReconciliation = z.output<typeof storedReconciliation>;
