import type { TransactionSql } from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { readMarks } from './marks.ts';
import { decide, monthAgo, runRetention } from './testing.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

const run = () => runRetention(test, { batch: 3 });

describe('a tenant’s own terms', () => {
  it('for facts and for roll-ups take what took place before, of every kind, once it is counted, and neither takes the other', async () => {
    const { db, tenantId, tenantB, ownerSql } = test;
    for (const tenant of [tenantId, tenantB]) await fill(tenant);
    const before = await rowsOf(tenantB);
    await ownerSql`insert into projection_checkpoints (tenant_id, version) values (${tenantId}, 7)`;
    await decide(test, tenantId, { fact_retention_months: 3 });
    const old = monthAgo(3).minus({ days: 1 }).toJSDate();
    await ownerSql`insert into dirty_buckets (tenant_id, kind, bucket, id) values (${tenantId}, 'queue', ${old}, 'q')`;
    expect(await run()).toMatchObject({ facts: 0 });
    await ownerSql`delete from dirty_buckets`;
    await ownerSql`update history_days set stale_since = now() where tenant_id = ${tenantId} and started_at < ${old}`;
    expect(await run()).toMatchObject({ facts: 0 });
    await ownerSql`update history_days set stale_since = null`;
    expect(await run()).toMatchObject({ facts: 5 * 2, rollups: 0 });
    expect(await rowsOf(tenantId)).toEqual({ ...before, facts: before.facts / 2 });
    await decide(test, tenantId, { rollup_retention_months: 3 });
    expect(await run()).toMatchObject({ facts: 0, rollups: (4 + 4 + 4) * 2 });
    expect(await rowsOf(tenantId)).toEqual({ facts: before.facts / 2, rollups: before.rollups / 2 });
    expect(await rowsOf(tenantB)).toEqual(before);
    const [{ version } = { version: 0 }] = await ownerSql<{ version: number }[]>`
      select version::int from projection_checkpoints where tenant_id = ${tenantId}`;
    expect(version).toBe(8);
    expect(await readMarks(db, tenantId)).toEqual({
      eventsSince: 0,
      factsSince: monthAgo(3).toMillis(),
      rollupsSince: monthAgo(3).toMillis(),
      keysFrom: 1,
    });
  });

  /** Two of everything before the beginning of the month three ago, and two from then on. */
  async function fill(tenantId: string): Promise<void> {
    const cut = monthAgo(3).toJSDate();
    await test.ownerSql.begin(async (tx) => {
      for (const [i, days] of [-40, -1, 0, 1].entries()) {
        const at = new Date(cut.getTime() + days * 86_400_000);
        const id = `x${i % 2}`;
        await tx`
          insert into queue_visits (tenant_id, entered_at, call_id, nth, queue_id, source, origin, outcome, wait_ms,
            is_transferred, is_completed, is_inferred, is_called_back, earlier_queues)
          values (${tenantId}, ${at}, ${id}, 0, 'q', 's', 'inbound', 'abandoned', 1, false, false, false, false, '{}')`;
        for (const kind of ['missed', 'outbound'])
          await tx`
            insert into agent_metrics (tenant_id, identity, counted_at, call_id, kind, nth, queue_id, started_at,
              is_transferred, is_completed)
            values (${tenantId}, ${id}, ${at}, 'c', ${kind}, 0, 'q', ${at}, false, false)`;
        await tx`
          insert into agent_intervals (tenant_id, identity, started_at, state, queues)
          values (${tenantId}, ${id}, ${at}, 'paused', '{}')`;
        await tx`
          insert into history_days (tenant_id, started_at, ended_at, fold)
          values (${tenantId}, ${at}, ${new Date(at.getTime() + 86_400_000)}, 'f')`;
        for (const grain of ['interval', 'hour', 'day', 'month']) {
          await zeros(tx, 'performance_trends', { tenant_id: tenantId, grain, bucket: at, queue_id: id });
          await zeros(tx, 'team_trends', { tenant_id: tenantId, grain, bucket: at });
        }
        for (const grain of ['day', 'month'])
          for (const queue_id of ['', 'q'])
            await zeros(tx, 'agent_trends', {
              tenant_id: tenantId,
              grain,
              bucket: at,
              queue_id,
              identity: id,
            });
      }
    });
  }

  /** A row with nothing in it but what is given. */
  async function zeros(
    tx: TransactionSql,
    table: string,
    given: Record<string, string | Date>,
  ): Promise<void> {
    const columns = await tx<{ name: string; type: string }[]>`
      select column_name as name, data_type as type from information_schema.columns
      where table_name = ${table} and is_nullable = 'NO' and column_default is null
        and not column_name = any (${Object.keys(given)})`;
    const empty = Object.fromEntries(
      columns.map(({ name, type }) => [
        name,
        type === 'bytea' ? Buffer.alloc(0) : type === 'jsonb' ? '[]' : type === 'ARRAY' ? '{}' : 0,
      ]),
    );
    await tx`insert into ${tx(table)} ${tx({ ...given, ...empty })}`;
  }

  async function rowsOf(tenantId: string): Promise<{ facts: number; rollups: number }> {
    const of = async (tables: string[]): Promise<number> => {
      let sum = 0;
      for (const table of tables) {
        const [row] = await test.ownerSql<{ rows: number }[]>`
          select count(*)::int as rows from ${test.ownerSql(table)} where tenant_id = ${tenantId}`;
        sum += row?.rows ?? 0;
      }
      return sum;
    };
    return {
      facts: await of(['queue_visits', 'agent_metrics', 'agent_intervals', 'history_days']),
      rollups: await of(['performance_trends', 'team_trends', 'agent_trends']),
    };
  }
});
