import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { recomputeDue } from './recomputeDue.ts';
import { randomFacts, readRollUps, recomputeAll, writeFacts } from './testing.ts';
import { around, createTrial, DAY_MS, SETTINGS, START, type Trial } from './trial.ts';

let test: TestDatabase;
let aTenant: Trial['aTenant'];
let write: Trial['write'];
let marks: Trial['marks'];
let expectCounted: Trial['expectCounted'];
beforeAll(async () => {
  test = await createTestDatabase();
  ({ aTenant, write, marks, expectCounted } = createTrial(test));
});
afterAll(() => test.close());

const version = async (tenantId: string) => {
  const [row] = await test.ownerSql`
    select version::int, stamped from projection_checkpoints where tenant_id = ${tenantId}`;
  return row?.version ?? 0;
};

describe('recomputing what is due', () => {
  it('[L11] [T1] every row of every grain is what SQL counts over the facts, the days of DST and of a month end included', async () => {
    const tenantId = await aTenant();
    await write(tenantId, around(1));
    const expectation = { settings: SETTINGS, now: START + 8 * DAY_MS };
    const done = await recomputeAll(test.db, tenantId, { ...expectation, limit: 100 });
    expect(done).toBeGreaterThan(200);
    expect(await marks(tenantId, expectation.now)).toBe(0);
    await expectCounted(tenantId, expectation);
    const { queues } = await readRollUps(test.ownerSql, tenantId);
    expect(new Set(queues.map(({ grain }) => grain))).toEqual(new Set(['interval', 'hour', 'day', 'month']));
    expect(queues.every((row) => row.threshold_seconds === 20 && row.short_abandon_seconds === 5)).toBe(true);
    const months = queues.filter(({ grain }) => grain === 'month').map(({ bucket }) => bucket.toISOString());
    expect(new Set(months)).toEqual(new Set(['2026-10-01T02:00:00.000Z', '2026-11-01T03:00:00.000Z']));
  });

  it('[T1] where a day starts within a quarter of an hour, a mark of the quarter is one of both its parts', async () => {
    const tenantId = await aTenant();
    const settings = { ...SETTINGS, timeZone: 'UTC', dayStartMinutes: 7 };
    const midnight = Date.UTC(2026, 9, 20);
    const { visits } = randomFacts({
      seed: 12,
      calls: 40,
      start: midnight,
      end: midnight + 900_000,
      agents: 1,
    });
    await inTenant(test.db, tenantId, (tx) => writeFacts(tx, tenantId, { visits }, settings));
    await test.ownerSql`delete from dirty_buckets where tenant_id = ${tenantId} and bucket > ${new Date(midnight)}`;
    await test.ownerSql`
      insert into dirty_buckets (tenant_id, kind, bucket, id)
      select distinct ${tenantId}::uuid, 'queue', date_bin('15 minutes', entered_at, 'epoch'), queue_id from queue_visits
      where tenant_id = ${tenantId} on conflict do nothing`;
    await recomputeAll(test.db, tenantId, { settings, now: midnight + DAY_MS });
    const of = async (day: number) => {
      const [row] = await test.ownerSql`
        select (offered + refused)::int as n from performance_trends
        where tenant_id = ${tenantId} and grain = 'day' and queue_id = '' and bucket = ${new Date(day)}`;
      return row?.n;
    };
    const start = midnight + 7 * 60_000;
    const before = visits.filter(({ enteredAt }) => enteredAt < start).length;
    expect([await of(start - DAY_MS), await of(start)]).toEqual([before, visits.length - before]);
  });

  it('[L11] facts written in the projector’s order, the checkpoint first, never meet a round in a circle', async () => {
    const tenantId = await aTenant();
    const { visits } = randomFacts({
      seed: 13,
      calls: 60,
      start: START,
      end: START + 60_000,
      queues: 1,
      agents: 1,
    });
    const expectation = { settings: SETTINGS, now: START + 9 * DAY_MS };
    await write(tenantId, { visits: visits.slice(0, 1) });
    await recomputeAll(test.db, tenantId, expectation);
    const deadlocks = async () => {
      const [row] = await test.ownerSql`
        select pg_stat_force_next_flush(), deadlocks::int as n from pg_stat_database where datname = current_database()`;
      return row?.n;
    };
    const before = await deadlocks();
    for (const visit of visits.slice(1)) {
      const writing = inTenant(test.db, tenantId, async (tx) => {
        await tx`update projection_checkpoints set seq = seq + 1 where tenant_id = ${tenantId}`;
        await writeFacts(tx, tenantId, { visits: [visit] }, SETTINGS);
      });
      await Promise.all([writing, recomputeDue(test.db, tenantId, expectation)]);
    }
    await recomputeAll(test.db, tenantId, expectation);
    await expectCounted(tenantId, expectation);
    expect(await deadlocks()).toBe(before);
  });

  it('[L11] any split into rounds gives the same rows', async () => {
    const [one, other] = [await aTenant(), await aTenant()];
    const options = { settings: SETTINGS, now: START + 9 * DAY_MS };
    for (const tenantId of [one, other]) await write(tenantId, around(2, 60));
    await recomputeAll(test.db, one, { ...options, limit: 60 });
    await recomputeAll(test.db, other, { ...options, limit: 100_000 });
    const without = async (tenantId: string) =>
      JSON.stringify(await readRollUps(test.ownerSql, tenantId)).replaceAll(tenantId, '');
    expect(await without(one)).toBe(await without(other));
  });

  it('[L11] a fact that changes later makes its buckets right again, and nothing else is touched', async () => {
    const tenantId = await aTenant();
    const facts = around(3, 80);
    await write(tenantId, facts);
    const expectation = { settings: SETTINGS, now: START + 9 * DAY_MS };
    await recomputeAll(test.db, tenantId, expectation);
    const [visit] = facts.visits.filter(({ outcome }) => outcome === 'answered');
    if (visit === undefined) throw new Error('no visit was answered');
    await write(tenantId, {
      visits: [{ ...visit, outcome: 'abandoned', identity: null, endedAt: null, talkMs: null }],
    });
    expect(await recomputeAll(test.db, tenantId, expectation)).toBe(1);
    await expectCounted(tenantId, expectation);
  });

  it('[L11] a bucket whose last visit has gone is no row, in no grain', async () => {
    const tenantId = await aTenant();
    const facts = around(4, 40);
    await write(tenantId, facts);
    const options = { settings: SETTINGS, now: START + 9 * DAY_MS };
    await recomputeAll(test.db, tenantId, options);
    await write(tenantId, facts);
    for (const table of ['queue_visits', 'agent_metrics', 'agent_intervals'])
      await test.ownerSql`delete from ${test.ownerSql(table)} where tenant_id = ${tenantId}`;
    await recomputeAll(test.db, tenantId, options);
    expect(await readRollUps(test.ownerSql, tenantId)).toEqual({ queues: [], teams: [], agents: [] });
    expect(await marks(tenantId)).toBe(0);
  });

  it('[SL0] [V10] what changes by time alone is due when it does', async () => {
    const tenantId = await aTenant();
    const [sample] = around(5).visits;
    if (sample === undefined) throw new Error('no visit');
    const waiting = {
      ...sample,
      enteredAt: START,
      queueId: 'q0',
      outcome: 'open' as const,
      origin: 'inbound' as const,
      settledAt: null,
      endedAt: null,
    };
    await write(tenantId, { visits: [waiting] });
    const figures = async (now: number) => {
      const { buckets } = await recomputeDue(test.db, tenantId, { settings: SETTINGS, now });
      const [row] = await test.ownerSql`
        select open::int, missed::int, lost::int, unsettled::int from performance_trends
        where tenant_id = ${tenantId} and grain = 'month' and queue_id = ''`;
      return [buckets, row?.open, row?.missed, row?.lost, row?.unsettled];
    };
    expect(await figures(START)).toEqual([1, 1, 0, 0, 1]);
    expect(await figures(START + 20_000)).toEqual([0, 1, 0, 0, 1]);
    expect(await figures(START + 20_001)).toEqual([1, 1, 1, 0, 1]);
    expect(await figures(START + 7_200_000)).toEqual([0, 1, 1, 0, 1]);
    expect(await figures(START + 7_200_001)).toEqual([1, 0, 0, 1, 0]);
    expect(await marks(tenantId)).toBe(0);
  });

  it('the version moves with every round that did something, and with no other', async () => {
    const tenantId = await aTenant();
    await write(tenantId, around(6, 10));
    const options = { settings: SETTINGS, now: START + 9 * DAY_MS };
    expect(await version(tenantId)).toBe(0);
    await recomputeDue(test.db, tenantId, options);
    const after = await version(tenantId);
    expect(after).toBe(1);
    await recomputeDue(test.db, tenantId, options);
    expect(await version(tenantId)).toBe(1);
  });

  it('[SL0] each queue is stamped with its own thresholds, a total of several with none', async () => {
    const tenantId = await aTenant();
    const queue = {
      name: 'q1',
      sectorId: 's',
      thresholdSeconds: 60,
      shortAbandonSeconds: null,
      wrapUpSeconds: null,
      maxWaitSeconds: null,
      openingHours: null,
      targets: {},
    };
    const settings = { ...SETTINGS, queues: new Map([['q1', queue]]) };
    await write(tenantId, around(7));
    await recomputeAll(test.db, tenantId, { settings, now: START + 9 * DAY_MS });
    const rows = await test.ownerSql`
      select distinct queue_id, threshold_seconds, short_abandon_seconds from performance_trends
      where tenant_id = ${tenantId} and grain = 'month' order by queue_id`;
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['', null, 5],
      ['q0', 20, 5],
      ['q1', 60, 5],
      ['q2', 20, 5],
    ]);
    const [sums] = await test.ownerSql`
      select sum(met) filter (where queue_id = '') = sum(met) filter (where queue_id <> '') as "isSum"
      from performance_trends where tenant_id = ${tenantId} and grain = 'month'`;
    expect(sums?.isSum).toBe(true);
  });
});
