import type { Call, Visit, Wrap } from './model.ts';

/** The wrap-up of the leg that the answer at `key` began. */
export function wrapOfLeg(wraps: readonly Wrap[], key: number): Wrap | undefined {
  for (const wrap of wraps) if (wrap.key === key) return wrap;
  return undefined;
}

/** The wrap-up of the leg that a visit's answer began. */
export function wrapOf({ wraps }: Call, { settledAt }: Visit): Wrap | undefined {
  return settledAt === null ? undefined : wrapOfLeg(wraps, settledAt);
}

/**
 * Length of a visit's wrap-up at `now` and the instant its handling was over; `doneAt` null while it still runs or
 * the talk has not ended. A visit whose talk is unknown is never handled [V2].
 */
export function wrapUpOf(
  call: Call,
  visit: Visit,
  now: number,
): { doneAt: number | null; ms: number; runsUntil: number | null } {
  if (visit.endedAt === null) return { doneAt: null, ms: 0, runsUntil: null };
  const wrap = wrapOf(call, visit);
  if (wrap === undefined) return { doneAt: visit.endedAt, ms: 0, runsUntil: null };
  const end = wrap.endedAt ?? (wrap.until !== null && wrap.until <= now ? wrap.until : null);
  if (end === null) return { doneAt: null, ms: 0, runsUntil: wrap.until ?? Number.POSITIVE_INFINITY };
  return { doneAt: end, ms: wrap.reportedMs ?? Math.max(0, end - wrap.from), runsUntil: null };
}
