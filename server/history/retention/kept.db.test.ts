import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../../../shared/live/testing.ts';
import { thresholdsFingerprint } from '../../../shared/metrics/thresholds.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { append, appendStory, silent, until } from '../../live/testing.ts';
import { unbegunDays } from '../historyDays.ts';
import type { Afterwards, Projector } from '../projector.ts';
import { rowsOfAgents, rowsOfQueues, rowsOfTeams } from '../rollUps/countedBySql.ts';
import { rebuildRollUps } from '../rollUps/rebuildRollUps.ts';
import { recomputeDue } from '../rollUps/recomputeDue.ts';
import { restampAll } from '../rollUps/restampAll.ts';
import { allFacts, startTestProjector, untilProjected } from '../testing.ts';
import { readMarks } from './marks.ts';
import { forgetOld } from './retention.ts';
import { decide, monthAgo, NOW } from './testing.ts';

/** Two call centres told the same; one keeps facts and events for two months, the other for good. */
let test: TestDatabase;
let projectors: Projector[] = [];
const now = () => NOW;
const CUT = monthAgo(2);

const afterwards: Afterwards = async ({ tenantId, settings }) => {
  const { more } = await recomputeDue(test.db, tenantId, { settings, now: NOW });
  if (!more) await restampAll(test.db, tenantId, { settings, now });
  return more;
};

const tenants = () => [test.tenantId, test.tenantB];
const night = () => forgetOld(test.db, test.tenantId, { now: NOW, log: silent, isOver: () => false });

async function settled(): Promise<void> {
  for (const [i, projector] of projectors.entries()) {
    const tenantId = tenants()[i] ?? '';
    await untilProjected(test.db, tenantId, projector);
    const { settings } = await loadSettings(test.db, tenantId);
    await until(async () => {
      projector.wake();
      if ((await unbegunDays(test.db, tenantId, NOW)).length > 0) return false;
      const rows = await test.ownerSql`
        select from projection_checkpoints c where tenant_id = ${tenantId} and stamped = ${thresholdsFingerprint(settings)}
          and not exists (select from dirty_buckets d where d.tenant_id = c.tenant_id and due_at <= ${new Date(NOW)})
          and not exists (select from history_days d where d.tenant_id = c.tenant_id and stale_since is not null)`;
      return rows.length > 0;
    }, 'roll-ups are up to date');
  }
}

const rollUps = async (tenantId: string) => ({
  queues: await rowsOfQueues(test.ownerSql, tenantId),
  teams: [...(await rowsOfTeams(test.ownerSql, tenantId))],
  agents: (await rowsOfAgents(test.ownerSql, tenantId)).map(
    (row): Row => ({ ...row, bucket: row.bucket, grain: row.grain }),
  ),
});
interface Row {
  bucket: Date;
  grain: string;
}

beforeAll(async () => {
  test = await createTestDatabase();
  const options = { seed: 5, agents: 4, queues: 2, everyMs: 40 * 60_000, restarts: 1 };
  const told = [
    // Over the end of what is kept, and a week of what is.
    ...story({ ...options, calls: 150, start: CUT.minus({ days: 2, hours: 5 }).toMillis() }),
    ...story({ ...options, seed: 6, calls: 60, start: CUT.plus({ days: 9 }).toMillis() }).map((event) => ({
      ...event,
      ...('callId' in event && { callId: `late-${event.callId}` }),
    })),
  ];
  for (const tenantId of tenants()) await appendStory(test.db, tenantId, told);
  projectors = tenants().map((tenantId) => startTestProjector(test.db, tenantId, { now, afterwards }));
  await settled();
  await decide(test, test.tenantId, { fact_retention_months: 2, event_retention_months: 2 });
});
afterAll(async () => {
  await Promise.all(projectors.map((projector) => projector.close()));
  await test.close();
});

/** The facts that began at the cut or later, of every kind. */
async function factsSince(tenantId: string) {
  const { agent_names: _, ...facts } = await allFacts(test.db, tenantId);
  const began = (row: string): number => {
    const { entered_at, counted_at, started_at } = JSON.parse(row);
    return Date.parse(entered_at ?? counted_at ?? started_at);
  };
  return Object.fromEntries(
    Object.entries(facts).map(([table, rows]) => [table, rows.filter((row) => began(row) >= CUT.toMillis())]),
  );
}

describe('[L10] a night', () => {
  it('takes the facts of months that are no longer kept, and nothing else', async () => {
    const removed = await night();
    expect(removed).toMatchObject({ events: 0, rollups: 0 });
    expect(removed.facts).toBeGreaterThan(200);
    const facts = await allFacts(test.db, test.tenantId);
    const kept = await factsSince(test.tenantId);
    for (const table of ['queue_visits', 'agent_metrics', 'agent_intervals']) {
      expect(facts[table]).toEqual(kept[table]);
      expect(kept[table]?.length).toBeGreaterThan(20);
    }
    expect(kept).toEqual(await factsSince(test.tenantB));
    expect(await rollUps(test.tenantId)).toEqual(await rollUps(test.tenantB));
  });

  it('[L11] leaves totals that other thresholds are stamped into as if every fact were there', async () => {
    for (const tenantId of tenants())
      await decide(test, tenantId, { threshold_seconds: 7, short_abandon_seconds: 9 });
    const before = await rollUps(test.tenantId);
    for (const projector of projectors) projector.wake();
    await settled();
    const after = await rollUps(test.tenantId);
    expect(after).not.toEqual(before);
    expect(after).toEqual(await rollUps(test.tenantB));
  });

  it('[L15] leaves a late event without effect where facts are gone, and where less of the log is left than they were made of', async () => {
    const before = { ...(await factsSince(test.tenantId)), ...(await rollUps(test.tenantId)) };
    const visit = (callId: string, at: number) =>
      (['call.queued', 'call.left'] as const).map((kind, i) => ({
        kind,
        occurredAt: at + i * 10_000,
        callId,
        queue: 'q0',
        ...(kind === 'call.queued' ? { origin: 'inbound' as const } : { outcome: 'abandoned' as const }),
      }));
    const late = [CUT.minus({ days: 20 }), CUT.minus({ hours: 3 }), CUT.plus({ hours: 30 })];
    for (const [i, at] of late.entries())
      await append(test.db, test.tenantId, visit(`too-late-${i}`, at.toMillis()));
    await settled();
    expect({ ...(await factsSince(test.tenantId)), ...(await rollUps(test.tenantId)) }).toEqual(before);
    await append(test.db, test.tenantId, visit('in-time', CUT.plus({ days: 4 }).toMillis()));
    await settled();
    const facts = await factsSince(test.tenantId);
    expect(facts.queue_visits?.filter((row) => row.includes('in-time'))).toHaveLength(1);
    expect(facts.queue_visits?.filter((row) => row.includes('too-late'))).toEqual([]);
    // The other is told, too, so that they are the same again.
    await append(test.db, test.tenantB, visit('in-time', CUT.plus({ days: 4 }).toMillis()));
    await settled();
    expect(await rollUps(test.tenantId)).toEqual(await rollUps(test.tenantB));
  });

  it('with a term made longer again brings nothing back, and takes nothing', async () => {
    const before = { facts: await allFacts(test.db, test.tenantId), rollUps: await rollUps(test.tenantId) };
    const marks = await readMarks(test.db, test.tenantId);
    await decide(test, test.tenantId, {
      fact_retention_months: 12,
      event_retention_months: 12,
      wrap_up_seconds: 0,
    });
    expect(await night()).toMatchObject({ facts: 0, events: 0 });
    expect(await readMarks(test.db, test.tenantId)).toEqual(marks);
    // Every day is to be counted anew.
    await decide(test, test.tenantId, { wrap_up_seconds: 45 });
    await decide(test, test.tenantB, { wrap_up_seconds: 45 });
    for (const projector of projectors) projector.wake();
    await settled();
    const facts = await allFacts(test.db, test.tenantId);
    expect(facts.queue_visits?.length).toBe(before.facts.queue_visits?.length);
    const days = (rows: Row[], from: number, to: number) =>
      rows.filter(({ bucket, grain }) => grain === 'day' && +bucket >= from && +bucket < to);
    const after = await rollUps(test.tenantId);
    const refolded = CUT.plus({ days: 2 }).toMillis();
    expect(days(after.agents, 0, refolded)).toEqual(days(before.rollUps.agents, 0, refolded));
    const { agents: ofB } = await rollUps(test.tenantB);
    expect(days(after.agents, refolded, NOW)).toEqual(days(ofB, refolded, NOW));
    expect(after.agents).not.toEqual(before.rollUps.agents);
  });

  it('[T1] and another zone afterwards: every total is keyed by it, also of months without facts', async () => {
    const sums = async () =>
      test.ownerSql`
        select 'queue' as kind, grain, sum(offered)::int as n from performance_trends
        where tenant_id = ${test.tenantId} and queue_id <> '' group by grain
        union all select 'team', grain, sum(available_ms)::float8 from team_trends
        where tenant_id = ${test.tenantId} group by grain order by 1, 2`;
    const before = [...(await sums())];
    await test.ownerSql`update settings set time_zone = 'Asia/Kathmandu' where tenant_id = ${test.tenantId}`;
    for (const projector of projectors) projector.wake();
    await settled();
    const { settings } = await loadSettings(test.db, test.tenantId);
    await rebuildRollUps(test.db, test.tenantId, { settings, now });
    expect([...(await sums())]).toEqual(before);
    const stray = await inTenant(
      test.db,
      test.tenantId,
      (tx) => tx`
        select grain, bucket from performance_trends where grain in ('day', 'month')
          and extract(hour from bucket at time zone 'Asia/Kathmandu') <> 0
        union all select grain, bucket from team_trends where grain in ('day', 'month')
          and extract(hour from bucket at time zone 'Asia/Kathmandu') <> 0
        union all select grain, bucket from agent_trends where grain = 'month'
          and extract(hour from bucket at time zone 'Asia/Kathmandu') <> 0`,
    );
    expect([...stray]).toEqual([]);
  });
});
