import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/contract/settings.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { silent } from '../../live/testing.ts';
import { refreshScorecards } from './refreshScorecards.ts';
import { randomFacts, recomputeAll, writeFacts } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  for (const [i, tenantId] of [test.tenantId, test.tenantB].entries()) {
    const end = Date.now();
    const facts = randomFacts({ seed: 3 + i, calls: 200, start: end - 40 * DAY_MS, end });
    await inTenant(test.db, tenantId, async (tx) => {
      await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North')`;
      await tx`insert into queues (tenant_id, id, name, sector_id) values (${tenantId}, 'q0', 'q0', 'north'), (${tenantId}, 'q1', 'q1', 'north')`;
      await writeFacts(tx, tenantId, { ...facts, pieces: facts.pieces.slice(0, 50) }, DEFAULT_SETTINGS);
    });
    await recomputeAll(test.db, tenantId, { settings: DEFAULT_SETTINGS, now: end });
  }
}, 60_000);
afterAll(() => test.close());

const DAY_MS = 86_400_000;

const refresh = async (leastAge = '0') => {
  const [row] = await test.db.sql`select refresh_scorecards(${leastAge}::interval) as done`;
  return row?.done;
};
const agents = (tenantId: string, days: number) =>
  inTenant(
    test.db,
    tenantId,
    (tx) => tx`
      select identity, answered::int, handled::int, missed_rings::int as missed, talk_ms::float8 as talk
      from agent_scorecards(${days}) order by 1`,
  );
const sectors = (tenantId: string) =>
  inTenant(
    test.db,
    tenantId,
    (tx) => tx`
      select sector_id as sector, bucket, offered::int, answered::int, met::int from sector_days('-infinity')
      order by 1, 2`,
  );

describe('[L10] agent_scorecard and sector_daily', () => {
  it('are made by the leader for all tenants at once, and not again while they are young', async () => {
    const { db, tenantId } = test;
    const of = { db, settings: DEFAULT_SETTINGS, now: Date.now, log: silent, isOver: () => false };
    expect(await agents(tenantId, 30)).toEqual([]);
    await refreshScorecards.run({ ...of, tenantId });
    const [first] = await db.sql`select refreshed_at from scorecard_refreshes`;
    await refreshScorecards.run({ ...of, tenantId: test.tenantB });
    expect(await db.sql`select refreshed_at from scorecard_refreshes`).toEqual([first]);
    expect((await agents(tenantId, 30)).length).toBeGreaterThan(0);
    expect((await agents(test.tenantB, 30)).length).toBeGreaterThan(0);
  });

  it('hold the last days that are over, added up from the facts', async () => {
    expect(await refresh()).toBe(true);
    const { tenantId, ownerSql } = test;
    for (const days of [7, 30]) {
      expect(await agents(tenantId, days)).toEqual([
        ...(await ownerSql`
          select identity, count(*) filter (where kind = 'answered')::int as answered,
            count(*) filter (where kind = 'answered' and talk_ms is not null and handled_at <= now())::int as handled,
            count(*) filter (where kind = 'missed')::int as missed,
            coalesce(sum(talk_ms) filter (where handled_at <= now()), 0)::float8 as talk
          from agent_metrics where tenant_id = ${tenantId} and counted_at < date_trunc('day', now(), 'UTC')
            and counted_at >= date_trunc('day', now(), 'UTC') - make_interval(hours => 24 * ${days})
          group by 1 order by 1`),
      ]);
    }
    const counted = await ownerSql`
      select coalesce(q.sector_id, 'unassigned') as sector, date_trunc('day', entered_at, 'UTC') as bucket,
        count(*) filter (where outcome <> 'refused')::int as offered, count(*) filter (where outcome = 'answered')::int as answered,
        count(*) filter (where outcome = 'answered' and origin <> 'callback' and wait_ms <= 20000)::int as met
      from queue_visits v left join queues q on q.tenant_id = v.tenant_id and q.id = v.queue_id
      where v.tenant_id = ${tenantId} and entered_at < date_trunc('day', now(), 'UTC') group by 1, 2 order by 1, 2`;
    expect(counted.length).toBeGreaterThan(60);
    expect(await sectors(tenantId)).toEqual([...counted]);
  });

  it('[S40] cannot be read but through what filters by the tenant', async () => {
    await refresh();
    const [a, b] = [await sectors(test.tenantId), await sectors(test.tenantB)];
    expect(a.length).toBeGreaterThan(0);
    expect(b).not.toEqual(a);
    expect(await sectors(randomUUID())).toEqual([]);
    expect(await agents(randomUUID(), 30)).toEqual([]);
    expect(await test.db.sql`select * from agent_scorecards(30)`).toEqual([]);
    for (const view of ['agent_scorecard', 'sector_daily']) {
      const read = inTenant(test.db, test.tenantId, (tx) => tx`select * from ${tx(view)}`);
      await expect(read).rejects.toThrow('permission denied');
    }
    // Whoever sets what opens the tables to the owner gains nothing by it.
    const rows = await inTenant(test.db, test.tenantId, async (tx) => {
      await tx`select set_config('app.refreshing', 'scorecards', true)`;
      return tx`select distinct tenant_id from performance_trends union select tenant_id from settings
        union select tenant_id from sector_days('-infinity') union select tenant_id from agent_scorecards(7)`;
    });
    expect(rows).toEqual([{ tenant_id: test.tenantId }]);
  });

  it('are made once where two ask at the same time', async () => {
    const done = await Promise.all([refresh('1 hour'), refresh('1 hour'), refresh('0'), refresh('0')]);
    expect(done.slice(0, 2)).toEqual([false, false]);
    expect(done).toContain(true);
  });
});
