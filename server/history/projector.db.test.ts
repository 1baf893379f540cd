import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEvent } from '../../shared/contract/events.ts';
import { story } from '../../shared/live/testing.ts';
import { randomFrom } from '../../shared/random.ts';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { loadSettings } from '../live/liveSettings.ts';
import { append } from '../live/testing.ts';
import type { Afterwards } from './projector.ts';
import { recomputeDue } from './rollUps/recomputeDue.ts';
import { recomputeAll } from './rollUps/testing.ts';
import { startTestProjector, untilProjected, wholeHistory } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const HOUR = 3_600_000;
const now = () => Date.parse('2026-11-01T12:00:00Z');

/** Three days around the end of summer time in Berlin, with everything that comes to pass at a phone. */
function threeDays(seed: number): LogEvent[] {
  const start = Date.parse('2026-10-24T15:00:00Z');
  return story({
    seed,
    calls: 90,
    agents: 6,
    queues: 3,
    start,
    everyMs: 40 * 60_000,
    restarts: 2,
    alerts: true,
  });
}

async function tenantIn(timeZone: string): Promise<string> {
  const id = await test.newTenant(`t${Math.random()}`);
  await inTenant(
    test.db,
    id,
    (tx) => tx`update settings set time_zone = ${timeZone}, wrap_up_seconds = 30 where tenant_id = ${id}`,
  );
  return id;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item): [number, T] => [random(), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** What adds facts up, a little at a time, so that facts and sums change in turns. */
const afterwards: Afterwards = async ({ tenantId, settings, now: at }) =>
  (await recomputeDue(test.db, tenantId, { settings, now: at, limit: 200 })).more;

/** All there is of a tenant's history once its log is in it. */
async function projected(
  tenantId: string,
  projector = startTestProjector(test.db, tenantId, { now }),
): Promise<Record<string, string[]>> {
  await untilProjected(test.db, tenantId, projector);
  await projector.close();
  const { settings } = await loadSettings(test.db, tenantId);
  await recomputeAll(test.db, tenantId, { settings, now: now() });
  return wholeHistory(test.db, tenantId);
}

describe('[L15] facts, and what they add up to,', () => {
  it.each([1, 2, 3, 4])(
    'are the same whatever the order of arrival, the batches and the restarts in between, seed %i',
    async (seed) => {
      const events = threeDays(seed);
      const random = randomFrom(seed);
      const inOrder = await tenantIn('Europe/Berlin');
      await append(test.db, inOrder, events);
      const expected = await projected(inOrder);
      expect(expected.queue_visits?.length).toBeGreaterThan(60);
      expect(expected.agent_intervals?.length).toBeGreaterThan(100);
      expect(expected.performance_trends?.length).toBeGreaterThan(100);
      expect(expected.agent_trends?.length).toBeGreaterThan(10);

      const anyhow = await tenantIn('Europe/Berlin');
      const rest = shuffled(events, random);
      let projector = startTestProjector(test.db, anyhow, { now, afterwards });
      while (rest.length > 0) {
        await append(test.db, anyhow, rest.splice(0, 1 + Math.floor(random() * 120)));
        if (random() < 0.5) projector.wake();
        if (random() < 0.4) await untilProjected(test.db, anyhow, projector);
        if (random() < 0.3) {
          await projector.close();
          projector = startTestProjector(test.db, anyhow, { now, afterwards });
        }
      }
      expect(await projected(anyhow, projector)).toEqual(expected);
    },
  );

  it('are written once by two that both believe to be the leader', async () => {
    const events = threeDays(9);
    const alone = await tenantIn('Europe/Berlin');
    await append(test.db, alone, events);
    const expected = await projected(alone);

    const both = await tenantIn('Europe/Berlin');
    const projectors = [1, 2].map(() => startTestProjector(test.db, both, { now, afterwards }));
    for (let from = 0; from < events.length; from += 60) {
      await append(test.db, both, events.slice(from, from + 60));
    }
    const [one, other] = projectors;
    if (other) await untilProjected(test.db, both, other);
    await other?.close();
    expect(await projected(both, one)).toEqual(expected);
  });

  it('[T2] cut every timeline at quarter hours and at midnight, though nothing happens', async () => {
    const tenantId = await tenantIn('Europe/Berlin');
    const at = Date.parse('2026-10-30T20:50:00Z');
    let clock = at + HOUR / 60;
    await append(test.db, tenantId, [
      { kind: 'agent.signed_in', occurredAt: at, agent: 'ada', queues: ['q'] },
    ]);
    const projector = startTestProjector(test.db, tenantId, { now: () => clock });
    const pieces = () =>
      inTenant(
        test.db,
        tenantId,
        (tx) => tx<{ from: string; to: string | null }[]>`
          select to_char(started_at at time zone 'UTC', 'DD HH24:MI') as from,
            to_char(ended_at at time zone 'UTC', 'DD HH24:MI') as to
          from agent_intervals order by started_at`,
      );
    await untilProjected(test.db, tenantId, projector);
    expect(await pieces()).toEqual([{ from: '30 20:50', to: null }]);
    clock = Date.parse('2026-10-30T23:07:00Z');
    await expect.poll(async () => (await pieces()).at(-1)).toEqual({ from: '30 23:00', to: null });
    expect((await pieces()).map(({ from }) => from)).toEqual(
      ['20:50', '21:00', '21:15', '21:30', '21:45', '22:00', '22:15', '22:30', '22:45', '23:00'].map(
        (time) => `30 ${time}`,
      ),
    );
    await projector.close();
  });
});
