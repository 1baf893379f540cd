import { z } from 'zod';
import { id } from './ids.ts';
import { dateParameter } from './period.ts';

/** `/api/v1/importer-health`: how well sources told of each local day. */

/**
 * What is counted, by source and day; those marked * by queue, too.
 *
 *   events          events heard of the day
 *   visits*         visits and refusals made of them
 *   gap             spells of silence beyond the tenant’s limit, at times of the week at which the source speaks otherwise
 *   restart         restarts of the telephone system
 *   note            what was kept without being understood
 *   duplicate       events that were known already, dropped [L2]
 *   warning         contradictions and improbable values, reported waits that differ from the instants among them [T3]
 *   rejection       lines and events that could not be taken in
 *   ghost*          visits that nobody ended: lost after the queue's maximum wait [V10]
 *   silent_talk*    talks silent for twelve hours [V10]
 *   lost*           visits whose end was lost: by a restart, by a second entry
 *   wait_mismatch*  reported waits more than 2 s from the difference of instants [T3]
 *   clock_ahead     events dated more than 2 s after they arrived
 *   clock_behind    events of hours in which none arrived within 10 s of its instant
 *   inferred_visit* visits of which something was concluded
 *   inferred_agent  agents who answered without having signed in [A1]
 */
export const HEALTH_KINDS = [
  'events',
  'visits',
  'gap',
  'restart',
  'note',
  'duplicate',
  'warning',
  'rejection',
  'ghost',
  'silent_talk',
  'lost',
  'wait_mismatch',
  'clock_ahead',
  'clock_behind',
  'inferred_visit',
  'inferred_agent',
] as const;
export const healthKind = z.enum(HEALTH_KINDS);
export type HealthKind = (typeof HEALTH_KINDS)[number];

/** Days an answer may span: a row a day, source and kind. */
export const HEALTH_DAYS_LIMIT = 92;

export const healthQuery = z.strictObject({
  startDate: dateParameter,
  endDate: dateParameter,
  source: id.optional(),
});

export const healthRow = z.object({
  /** Where the tenant is. */
  day: z.iso.date(),
  source: z.string(),
  kind: healthKind,
  count: z.number().int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  /** One of them: a call id, an agent, a reason. */
  example: z.string().nullable(),
});
export type HealthRow = z.output<typeof healthRow>;

/** Said beside figures: what of their days was not told well, and which of them it concerns. */
export const healthWarning = z.object({
  code: healthKind,
  source: z.string(),
  count: z.number().int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  /** Names of metrics; empty: all of them. */
  affects: z.array(z.string()),
});
export type HealthWarning = z.output<typeof healthWarning>;
