import type { TransactionSql } from 'postgres';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { marksIn } from '../retention/marks.ts';
import { type Buckets, createBuckets } from './buckets.ts';
import { lockRollUps } from './dirty.ts';
import { recomputeDue } from './recomputeDue.ts';
import { contactsMarked } from './recountContacts.ts';
import { arrayOf, instants } from './table.ts';

/**
 * More than a round takes otherwise: each writes the rows of its months anew, and of a year of many agents those would be most of
 * what is written. Whoever writes facts meanwhile waits some seconds for a round to end.
 */
const MARKS_PER_ROUND = 16_000;

/**
 * Computes every roll-up anew from the facts, or what is left of them from finer rows: marks all there is, in one transaction, and recomputes what is marked. So
 * nothing is lost when it stops: what is left stays marked, whoever recomputes next goes on, and called again it does not
 * begin again. A mark of a rebuild is due since its bucket began: after whatever happens now, and in the order of time, so
 * that a round reads what lies together.
 *
 * `onProgress` hears the part done, 0 to 1. Returns whether all is done; not so when `isOver`.
 */
export async function rebuildRollUps(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  options: {
    settings: LiveSettings;
    now: () => number;
    onProgress?: (done: number) => void;
    isOver?: () => boolean;
  },
): Promise<{ done: boolean }> {
  const { settings, now, onProgress = () => {}, isOver = () => false } = options;
  const total = await inTenant(db, tenantId, async (tx) => {
    const left = await countLeft(tx, tenantId);
    if (left > 0) return left;
    await markAll(tx, tenantId, createBuckets(settings));
    await contactsMarked(tx, tenantId);
    return countLeft(tx, tenantId);
  });
  let recomputed = 0;
  for (let more = true; more; ) {
    if (isOver()) return { done: false };
    const round = await recomputeDue(db, tenantId, { settings, now: now(), limit: MARKS_PER_ROUND });
    recomputed += round.buckets;
    more = round.more;
    onProgress(more ? Math.min(recomputed / Math.max(total, 1), 1) : 1);
  }
  return { done: true };
}

/**
 * After another zone or start of day: drops the rows under keys of the old and marks everything, for whoever recomputes next.
 * Until that is done answers say that they are being recounted. Answers whether there was anything to do.
 */
export async function followCalendar(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  settings: LiveSettings,
): Promise<boolean> {
  const { timeZone, dayStartMinutes } = settings;
  const calendar = `${timeZone} ${dayStartMinutes}`;
  return inTenant(db, tenantId, async (tx) => {
    await lockRollUps(tx, tenantId);
    const [row] = await tx<{ before: string }[]>`
      select calendar as before from projection_checkpoints where tenant_id = ${tenantId}`;
    const before = row?.before ?? '';
    if (before === calendar) return false;
    if (before !== '') await markAll(tx, tenantId, createBuckets(settings));
    await tx`
      update projection_checkpoints set calendar = ${calendar},
        stamped = case ${before} when '' then stamped else '' end, version = version + 1
      where tenant_id = ${tenantId}`;
    return before !== '';
  });
}

/** How many marks of a rebuild there are: no other is due at the very start of its bucket. */
async function countLeft(tx: TransactionSql, tenantId: string): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from dirty_buckets where tenant_id = ${tenantId} and due_at = bucket`;
  return row?.n ?? 0;
}

/** The oldest first: what is being written now is waited for last, and shortest. */
async function markAll(tx: TransactionSql, tenantId: string, buckets: Buckets): Promise<void> {
  await dropStrayRows(tx, tenantId, buckets, (await marksIn(tx, tenantId)).factsSince);
  const [range] = await tx<{ low: number | null; high: number | null }[]>`
    select (extract(epoch from least(
        (select min(entered_at) from queue_visits where tenant_id = ${tenantId}),
        (select min(counted_at) from agent_metrics where tenant_id = ${tenantId}),
        (select min(started_at) from agent_intervals where tenant_id = ${tenantId}),
        (select min(bucket) from performance_trends where tenant_id = ${tenantId} and grain = 'interval'),
        (select min(bucket) from team_trends where tenant_id = ${tenantId} and grain = 'interval'),
        (select min(bucket) from agent_trends where tenant_id = ${tenantId} and grain = 'day')
      )) * 1000)::float8 as low,
      (extract(epoch from greatest(
        (select max(entered_at) from queue_visits where tenant_id = ${tenantId}),
        (select max(counted_at) from agent_metrics where tenant_id = ${tenantId}),
        (select max(started_at) from agent_intervals where tenant_id = ${tenantId}),
        (select max(bucket) from performance_trends where tenant_id = ${tenantId} and grain = 'interval'),
        (select max(bucket) from team_trends where tenant_id = ${tenantId} and grain = 'interval'),
        (select max(bucket) from agent_trends where tenant_id = ${tenantId} and grain = 'day')
      )) * 1000)::float8 as high`;
  if (range === undefined || range.low === null || range.high === null) return;
  const identities = await identitiesOf(tx, tenantId);
  for (let day = buckets.startOf('day', range.low); day <= range.high; day = buckets.endOf('day', day))
    await markDay(tx, tenantId, buckets, identities, day);
}

/** Everybody there is anything about, each found from the one before: there are thousands of pieces to a name. */
async function identitiesOf(tx: TransactionSql, tenantId: string): Promise<string[]> {
  const names = new Set<string>();
  for (const table of ['agent_intervals', 'agent_metrics', 'agent_trends']) {
    const rows = await tx<{ identity: string }[]>`
      with recursive known as (
        select min(identity) as identity from ${tx(table)} where tenant_id = ${tenantId}
        union all
        select (select min(identity) from ${tx(table)} where tenant_id = ${tenantId} and identity > known.identity)
        from known where known.identity is not null
      )
      select identity from known where identity is not null`;
    for (const { identity } of rows) names.add(identity);
  }
  return [...names];
}

/** Timelines are asked only whether there are any: reading them all would take as long as recomputing. */
async function markDay(
  tx: TransactionSql,
  tenantId: string,
  buckets: Buckets,
  identities: readonly string[],
  day: number,
): Promise<void> {
  const [low, high] = [new Date(day), new Date(buckets.endOf('day', day))];
  const starts: number[] = [];
  for (let at = day; at < high.getTime(); at = buckets.endOf('interval', at)) starts.push(at);
  const ends = starts.map((start) => buckets.endOf('interval', start));
  // A day that begins within a quarter of an hour cuts it: hence `greatest`.
  const interval = (column: string) =>
    tx`greatest(date_bin('15 minutes', ${tx(column)}, 'epoch'), ${low}::timestamptz)`;
  const within = (column: string) =>
    tx`tenant_id = ${tenantId} and ${tx(column)} >= ${low} and ${tx(column)} < ${high}`;
  await tx`
    insert into dirty_buckets (tenant_id, kind, bucket, id, due_at)
    select ${tenantId}, kind, bucket, id, bucket from (
      select 'queue' as kind, ${interval('entered_at')} as bucket, queue_id as id from queue_visits where ${within('entered_at')}
      union select 'queue', ${interval('counted_at')}, queue_id from agent_metrics
        where kind = 'missed' and queue_id <> '' and ${within('counted_at')}
      union select 'queue', bucket, queue_id from performance_trends
        where grain = 'interval' and queue_id <> '' and ${within('bucket')}
      union all select 'team', i.low, ''
        from unnest(${instants(starts)}::timestamptz[], ${instants(ends)}::timestamptz[]) as i(low, high)
        where exists (select from agent_intervals where tenant_id = ${tenantId} and started_at >= i.low and started_at < i.high)
          or exists (select from team_trends where tenant_id = ${tenantId} and grain = 'interval' and bucket = i.low)
      union all select 'agent', ${low}::timestamptz, a.identity
        from unnest(${arrayOf(identities)}::text[]) as a(identity)
        where exists (select from agent_intervals where identity = a.identity and ${within('started_at')})
          or exists (select from agent_metrics where identity = a.identity and ${within('counted_at')})
          or exists (select from agent_trends where identity = a.identity and grain = 'day' and ${within('bucket')})
    ) as marked
    order by bucket
    on conflict (tenant_id, kind, bucket, id) do update set due_at = least(dirty_buckets.due_at, excluded.due_at)`;
}

/**
 * Rows whose bucket is none any more: the zone, or the start of the day, has changed since. The finest of those whose facts are
 * gone stay where they are, for the others are added up from them.
 */
async function dropStrayRows(
  tx: TransactionSql,
  tenantId: string,
  buckets: Buckets,
  factsSince: number,
): Promise<void> {
  for (const table of ['performance_trends', 'team_trends', 'agent_trends']) {
    const finest = table === 'agent_trends' ? 'day' : 'interval';
    const there = await tx<{ grain: 'interval' | 'hour' | 'day' | 'month'; bucket: number }[]>`
      select distinct grain, (extract(epoch from bucket) * 1000)::float8 as bucket from ${tx(table)}
      where tenant_id = ${tenantId}`;
    for (const grain of ['interval', 'hour', 'day', 'month'] as const) {
      const stray = there
        .filter((row) => row.grain === grain && buckets.startOf(grain, row.bucket) !== row.bucket)
        .filter((row) => row.grain !== finest || row.bucket >= factsSince)
        .map(({ bucket }) => bucket);
      if (stray.length === 0) continue;
      await tx`
        delete from ${tx(table)} where tenant_id = ${tenantId} and grain = ${grain}
          and bucket = any(${instants(stray)}::timestamptz[])`;
    }
  }
}
