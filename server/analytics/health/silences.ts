import type { TransactionSql } from 'postgres';
import { type EarlierWeek, gapsOf, missedShare, type Silence, slotsOf, weeksBefore } from './gaps.ts';

/** Sources heard within so many days before are missed when they say nothing all day. */
const REMEMBERED_DAYS = 28;
/** A source with more silences than this in a day is one that rarely speaks: the first are enough to say so. */
const SILENCES_LIMIT = 200;

/**
 * When sources were silent for too long at times at which they speak at other times, within `day` and before `now`. From
 * the log: one walk over the day, and for each quarter of an hour of a silence a look at the same quarter of four weeks.
 */
export async function readGaps(
  tx: TransactionSql,
  tenantId: string,
  day: { start: number; end: number; date: string },
  rules: { limitMs: number; zone: string; now: number },
): Promise<Silence[]> {
  const end = Math.min(day.end, rules.now);
  if (end - day.start <= rules.limitMs) return [];
  const silences = await tx<Silence[]>`
    with heard as (
      select source, occurred_at as at from call_events
      where tenant_id = ${tenantId} and occurred_at >= ${new Date(day.start)} and occurred_at < ${new Date(end)}
    ),
    known as (
      select distinct source from heard
      union
      select distinct source from importer_health
      where tenant_id = ${tenantId} and kind = 'events' and day >= ${day.date}::date - ${REMEMBERED_DAYS}::int
        and day < ${day.date}::date
    ),
    told as (
      select source, at from heard
      union all select source, ${new Date(day.start)}::timestamptz from known
      union all select source, ${new Date(end)}::timestamptz from known
    )
    select source, (extract(epoch from began) * 1000)::float8 as from, (extract(epoch from at) * 1000)::float8 as to
    from (select source, lag(at) over (partition by source order by at) as began, at from told) as spells
    where at - began > ${rules.limitMs}::float8 * interval '1 ms'
    order by source, began limit ${SILENCES_LIMIT}`;
  const slots = slotsOf(silences);
  if (slots.length === 0) return [];
  const asked = slots.flatMap((slot, index) =>
    weeksBefore(slot, day, rules.zone).map((week) => ({
      slot: index,
      source: slot.source,
      quarter_from: new Date(week.quarter[0]).toISOString(),
      quarter_to: new Date(week.quarter[1]).toISOString(),
      day_from: new Date(week.day[0]).toISOString(),
      day_to: new Date(week.day[1]).toISOString(),
    })),
  );
  const within = (from: 'quarter_from' | 'day_from', to: 'quarter_to' | 'day_to') => tx`
    from call_events as e
    where e.tenant_id = ${tenantId} and e.source = asked.source and e.occurred_at >= asked.${tx(from)}
      and e.occurred_at < asked.${tx(to)}`;
  const weeks = await tx<(EarlierWeek & { slot: number })[]>`
    select slot,
      (select count(distinct date_trunc('minute', e.occurred_at))::int ${within('quarter_from', 'quarter_to')}) as minutes,
      exists (select ${within('day_from', 'day_to')}) as "spokeThatDay"
    from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as asked (
      slot integer, source text, quarter_from timestamptz, quarter_to timestamptz, day_from timestamptz, day_to timestamptz)`;
  const weighed = slots.map((slot, index) => ({
    ...slot,
    share: missedShare(weeks.filter((week) => week.slot === index)),
  }));
  return gapsOf(silences, weighed, rules.limitMs);
}
