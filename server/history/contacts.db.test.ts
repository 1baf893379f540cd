import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/settings.ts';
import { randomFrom } from '../../shared/random.ts';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { append } from '../live/testing.ts';
import { rebuildRollUps } from './rollUps/rebuildRollUps.ts';
import { recomputeAll } from './rollUps/testing.ts';
import { startTestProjector, untilProjected } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const HOUR = 3_600_000;
const START = Date.parse('2026-10-01T08:00:00Z');
const NOW = START + 80 * 24 * HOUR;

type Draft = Parameters<typeof append>[2][number];

/** Twelve callers over seventy days, three queues in two sectors: some calls are transferred, some only reported late. */
function calls(seed: number): Draft[] {
  const random = randomFrom(seed);
  const upTo = (n: number) => Math.floor(random() * n);
  const drafts: Draft[] = [];
  for (let i = 0; i < 40; i++) {
    let at = START + upTo(70 * 24 * 60) * 60_000;
    const call = { callId: `c${i}`, source: 'test' };
    const caller = random() < 0.1 ? 'anonymous' : `555000${upTo(12)}`;
    for (let stay = 0; stay === 0 || random() < 0.3; stay++) {
      const of = { ...call, queue: `q${upTo(3)}` };
      drafts.push({ kind: 'call.queued', occurredAt: at, caller, origin: 'inbound', ...of });
      const agent = `a${upTo(3)}`;
      if (random() < 0.8) {
        drafts.push({ kind: 'call.answered', occurredAt: at + 5_000, agent, ...of });
        drafts.push({ kind: 'call.ended', occurredAt: at + 65_000, agent, by: 'caller', ...of });
      } else drafts.push({ kind: 'call.abandoned', occurredAt: at + 30_000, ...of });
      at += 90_000;
    }
  }
  return drafts.map((draft, i) => ({ ...draft, sourceKey: `${seed}-${i}`, sourceOrder: i }));
}

/** What is kept of first contacts, by bucket and queue. */
async function kept(tenantId: string) {
  return test.ownerSql`
    select grain, bucket, queue_id, encode(contacts, 'hex') as contacts, contact_repeats
    from performance_trends where tenant_id = ${tenantId} and contacts <> '' order by 1, 2, 3`;
}

async function aTenant(): Promise<string> {
  const id = await test.newTenant(`t${randomUUID()}`);
  await inTenant(test.db, id, async (tx) => {
    await tx`insert into sectors (tenant_id, id, name) values (${id}, 'south', 'South')`;
    await tx`insert into queues (tenant_id, id, name, sector_id) values (${id}, 'q2', 'q2', 'south')`;
  });
  return id;
}

const now = () => NOW;
const project = async (tenantId: string) => {
  const projector = startTestProjector(test.db, tenantId, { now });
  await untilProjected(test.db, tenantId, projector);
  await projector.close();
  // What is marked, and no more.
  await recomputeAll(test.db, tenantId, { settings: DEFAULT_SETTINGS, now: NOW });
};

describe('[H4] [L11] what is kept of first contacts', () => {
  it.each([2])('is what all facts say, however the log came, seed %i', async (seed) => {
    const tenantId = await aTenant();
    const events = calls(seed);
    const random = randomFrom(seed);
    const rest = events
      .map((event): [number, Draft] => [random(), event])
      .sort(([a], [b]) => a - b)
      .map(([, event]) => event);
    // Many at once fold every day anew; the last ones come by themselves, far from those they follow.
    while (rest.length > 0) {
      await append(test.db, tenantId, rest.splice(0, rest.length > 60 ? 50 : 1 + Math.floor(random() * 9)));
      await project(tenantId);
    }
    const found = await kept(tenantId);
    expect(found.length).toBeGreaterThan(40);
    expect(found.some(({ contact_repeats: repeats }) => repeats.length > 0)).toBe(true);
    await rebuildRollUps(test.db, tenantId, { settings: DEFAULT_SETTINGS, now });
    expect(await kept(tenantId)).toEqual(found);
    const inOrder = await aTenant();
    await append(test.db, inOrder, events);
    await project(inOrder);
    expect(await kept(inOrder)).toEqual(found);
  });

  it('forgets a call that is taken back: the one before it was resolved', async () => {
    const tenantId = await aTenant();
    const call = (callId: string, at: number): Draft[] => [
      { kind: 'call.queued', occurredAt: at, callId, queue: 'q0', caller: '5550001', origin: 'inbound' },
      { kind: 'call.answered', occurredAt: at + 1_000, callId, queue: 'q0', agent: 'a' },
      { kind: 'call.ended', occurredAt: at + 2_000, callId, queue: 'q0', agent: 'a', by: 'caller' },
    ];
    await append(test.db, tenantId, call('first', START));
    await project(tenantId);
    const alone = await kept(tenantId);
    await append(test.db, tenantId, call('second', START + 150 * HOUR));
    await project(tenantId);
    const after = await kept(tenantId);
    expect(alone).toHaveLength(8);
    for (const row of alone) expect(after).not.toContainEqual(row);
    // As void_events and finish_void do with an import.
    await test.ownerSql`
      update call_events set kind = 'source.note', source = '', call_id = null, queue_id = null, agent_id = null
      where tenant_id = ${tenantId} and call_id = 'second'`;
    await test.ownerSql`
      update history_days set stale_since = clock_timestamp()
      where tenant_id = ${tenantId} and ended_at > ${new Date(START + 120 * HOUR)}`;
    await project(tenantId);
    expect(await kept(tenantId)).toEqual(alone);
  });
});
