import { DateTime } from 'luxon';
import { inTenant } from '../../db/connect.ts';
import type { TestDatabase } from '../../db/testing.ts';
import { silent } from '../../live/testing.ts';
import { forgetMonths, forgetOld, type Removed } from './retention.ts';

/** What the tests of retention share: a log that goes back further than the database. */

export const NOW = Date.now();
/** The first of the UTC month so many before this one. */
export const monthAgo = (months: number): DateTime =>
  DateTime.fromMillis(NOW, { zone: 'UTC' }).startOf('month').minus({ months });
export const nameOf = (months: number): string => `call_events_${monthAgo(months).toFormat('yyyy_LL')}`;

/** A night of every tenant. */
export async function runRetention(
  test: TestDatabase,
  { eventMonths = null, batch = 5_000 }: { eventMonths?: number | null; batch?: number } = {},
): Promise<Removed & { partitions: string[] }> {
  const options = { now: NOW, log: silent, isOver: () => false };
  const partitions = eventMonths === null ? [] : await forgetMonths(test.db, { ...options, eventMonths });
  const sum = { partitions, events: 0, keys: 0, facts: 0, rollups: 0 };
  for (const tenantId of [test.tenantId, test.tenantB]) {
    const removed = await forgetOld(test.db, tenantId, { ...options, batch });
    for (const what of ['events', 'keys', 'facts', 'rollups'] as const) sum[what] += removed[what];
  }
  return sum;
}

/** Makes a month of the log as it was made then, for what is recorded in it afterwards; in a run that began last month it may be there. */
export async function openMonth(test: TestDatabase, months: number): Promise<void> {
  const sql = test.ownerSql;
  const [made] = await sql`select to_regclass(${nameOf(months)}) is not null as "isThere"`;
  if (made?.isThere) return;
  const [owner] = await sql<{ name: string }[]>`
    select relowner::regrole::text as name from pg_class where oid = 'call_events'::regclass`;
  const name = nameOf(months);
  await sql.unsafe(`
    create table ${name} (like call_events including defaults including constraints including indexes);
    alter table ${name} owner to ${owner?.name};
    alter table call_events attach partition ${name}
      for values from ('${monthAgo(months).toISO()}') to ('${monthAgo(months - 1).toISO()}')`);
}

/** Events with their keys, recorded and occurred on the second day of that month, numbered on and taken into history. */
export async function record(
  test: TestDatabase,
  tenantId: string,
  months: number,
  count: number,
): Promise<void> {
  const at = monthAgo(months).plus({ days: 1 }).toJSDate();
  await test.ownerSql.begin(async (tx) => {
    await tx`
      insert into call_events (tenant_id, seq, recorded_at, occurred_at, kind, source, source_key, source_order, call_id,
        queue_id, body)
      select ${tenantId}, seq + n, ${at}, ${at}, 'call.queued', 'pbx', 'k' || seq + n, 0, 'c' || seq + n, 'q', '{}'
      from event_heads, generate_series(1, ${count}) n where tenant_id = ${tenantId}`;
    await tx`
      insert into event_keys (tenant_id, key, seq, digest)
      select ${tenantId}, md5('k' || seq + n)::uuid, seq + n, '' from event_heads, generate_series(1, ${count}) n
      where tenant_id = ${tenantId}`;
    await tx`update event_heads set seq = seq + ${count}, recorded_at = ${at} where tenant_id = ${tenantId}`;
    await tx`
      insert into projection_checkpoints (tenant_id, seq, recorded_at)
      select tenant_id, seq, recorded_at from event_heads where tenant_id = ${tenantId}
      on conflict (tenant_id) do update set seq = excluded.seq, recorded_at = excluded.recorded_at`;
  });
}

export async function counts(test: TestDatabase, tenantId: string) {
  const [row] = await test.ownerSql<{ events: number; keys: number; first: number | null }[]>`
    select (select count(*)::int from call_events where tenant_id = ${tenantId}) as events,
      (select count(*)::int from event_keys where tenant_id = ${tenantId}) as keys,
      (select min(seq)::int from call_events where tenant_id = ${tenantId}) as first`;
  return row;
}

export async function decide(
  test: TestDatabase,
  tenantId: string,
  terms: Record<string, number>,
): Promise<void> {
  await inTenant(
    test.db,
    tenantId,
    (tx) => tx`update settings set ${tx(terms)} where tenant_id = ${tenantId}`,
  );
}
