import type { Sql } from 'postgres';

/** Figures of a time as a page writes them, by SQL of its own over the visits; `service level` within 20 s, short abandons out. */
export async function countVisits(
  sql: Sql,
  { from, to }: { from: string | Date; to: string | Date },
): Promise<Record<'serviceLevel' | 'offered' | 'answered' | 'abandoned' | 'asa' | 'aht', string>> {
  const [row] = await sql`
    with visit as (
      select * from queue_visits
      where outcome <> 'refused' and entered_at >= ${from}::timestamptz and entered_at < ${to}::timestamptz
    ),
    counts as (
      select count(*) as offered,
        count(*) filter (where outcome = 'answered') as answered,
        count(*) filter (where outcome = 'abandoned') as abandoned,
        count(*) filter (where outcome = 'answered' and wait_ms <= 20000) as met,
        count(*) filter (where wait_ms > 20000 or (outcome = 'abandoned' and wait_ms > 5000) or outcome = 'answered') as decided,
        sum(wait_ms) filter (where outcome = 'answered') as waited,
        sum(talk_ms + coalesce(hold_ms, 0) + wrap_up_ms) filter (where outcome = 'answered') as handled
      from visit
    )
    select offered::text, answered::text, abandoned::text,
      to_char(round(met * 100.0 / nullif(decided, 0), 1), 'FM990.0') || '%' as "serviceLevel",
      to_char(make_interval(secs => trunc(waited / nullif(answered, 0) / 1000)), 'FMMI:SS') as asa,
      to_char(make_interval(secs => trunc(handled / nullif(answered, 0) / 1000)), 'FMMI:SS') as aht
    from counts`;
  if (!row) throw new Error('no row');
  return {
    serviceLevel: row.serviceLevel,
    offered: row.offered,
    answered: row.answered,
    abandoned: row.abandoned,
    asa: row.asa,
    aht: row.aht,
  };
}

/** The service level of some days by SQL of its own: within `seconds`, but of `vip`, which has ten of its own. */
export async function levelOf(
  sql: Sql,
  from: Date,
  to: Date,
  seconds: number,
  queue: string | null = null,
): Promise<string> {
  const [row] = await sql`
    with visit as (
      select *, wait_ms <= 1000 * case queue_id when 'vip' then 10 else ${seconds}::int end as is_within
      from queue_visits
      where outcome in ('answered', 'abandoned') and entered_at >= ${from} and entered_at < ${to}
        and (${queue}::text is null or queue_id = ${queue})
    )
    select to_char(round(100.0 * count(*) filter (where outcome = 'answered' and is_within)
      / nullif(count(*) filter (where not is_within or outcome = 'answered' or wait_ms > 5000), 0), 1),
      'FM990.0') || '%' as level
    from visit`;
  return row?.level;
}
