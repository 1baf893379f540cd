import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureQueue, measureTotal } from '../../shared/live/measure.ts';
import { story } from '../../shared/live/testing.ts';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { type Engine, startEngine } from './engine.ts';
import { createTurns } from './lastWeek.ts';
import { append, appendStory, recount, silent, until } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const MONDAY = Date.UTC(2026, 10, 23);
const NOON = MONDAY + 12 * HOUR_MS;

async function withEngine(
  tenantId: string,
  check: (engine: Engine) => Promise<void>,
  at = NOON,
): Promise<void> {
  const engine = startEngine({
    db: test.db,
    tenantId,
    log: silent,
    now: () => at,
    inTurn: createTurns(),
    watcher: { onFolded() {}, onReset() {}, onStatus() {} },
    intervals: { feed: { pollMs: 20, backoffMs: 1, pageSize: 100 }, lastWeek: { quietMs: 1 } },
  });
  await check(engine).finally(() => engine.close());
}

const lastWeekOf = async (engine: Engine) => (await whole(engine)).offered;
const whole = (engine: Engine) => until(() => engine.view()?.lastWeek, 'last week is there');
const sum = (counts: readonly (number | null)[]) => counts.reduce<number>((a, b) => a + (b ?? 0), 0);

const queued = (callId: string, occurredAt: number) => ({
  kind: 'call.queued',
  occurredAt,
  callId,
  queue: 'q',
  origin: 'inbound',
});

it('[R1] today is compared with what the same weekday offered, by the code that counts today', async () => {
  const tenantId = await test.newTenant('a week ago');
  const before = queued('before', MONDAY - WEEK_MS - HOUR_MS);
  await append(test.db, tenantId, [before]);
  const events = story({ seed: 4, calls: 300, agents: 9, queues: 3, start: MONDAY - WEEK_MS + 8 * HOUR_MS });
  await appendStory(test.db, tenantId, events);
  await withEngine(tenantId, async (engine) => {
    const offered = await lastWeekOf(engine);
    expect(offered).toHaveLength(1_440);
    expect(offered.slice(0, 8 * 60)).toEqual(Array.from({ length: 480 }, () => 0));
    const first = events.find((event) => event.kind === 'call.queued');
    expect(offered[Math.floor(((first?.occurredAt ?? 0) - MONDAY + WEEK_MS) / 60_000)]).toBeGreaterThan(0);
    const then = MONDAY - WEEK_MS + 23 * HOUR_MS;
    const { state, settings } = await recount(test.db, tenantId, then);
    expect(sum(offered)).toBe(measureTotal(state, settings, then, { window: 'today' }).offered);
    const { byQueue } = await whole(engine);
    expect(byQueue.size).toBe(3);
    for (const [id, counts] of byQueue) {
      expect(sum([...counts])).toBe(measureQueue(state, settings, then, id, { window: 'today' }).offered);
    }
  });
});

it('[L14] it is read again when events of the past come, and is a gap before the log begins', async () => {
  const tenantId = await test.newTenant('imported later');
  await withEngine(tenantId, async (engine) => {
    const now = await append(test.db, tenantId, [queued('now', NOON - 1_000)]);
    expect(await engine.untilSeq(now, 20_000)).toBe(true);
    expect(engine.view()?.lastWeek).toBeNull();
    const at = MONDAY - WEEK_MS + 9 * HOUR_MS;
    await append(test.db, tenantId, [queued('then', at), queued('later', at + 60_000)]);
    const offered = await lastWeekOf(engine);
    expect(offered.slice(0, 540).every((count) => count === null)).toBe(true);
    expect(offered.slice(540, 543)).toEqual([1, 1, 0]);
  });
});

it('[T1] minutes meet by the wall clock, also across a change of clocks', async () => {
  const tenantId = await test.newTenant('clocks');
  await inTenant(test.db, tenantId, (tx) => tx`update settings set time_zone = 'Europe/Berlin'`);
  // Sunday 25 October 2026 has 25 hours in Berlin; its 10:00 is 09:00 UTC, a week before it was 08:00 UTC.
  const then = Date.UTC(2026, 9, 18, 8);
  await append(test.db, tenantId, [queued('before', then - 30 * HOUR_MS), queued('ten', then)]);
  const check = async (engine: Engine) => {
    const offered = await lastWeekOf(engine);
    expect(offered).toHaveLength(1_500);
    expect(offered.flatMap((count, minute) => (count ? [minute] : []))).toEqual([11 * 60]);
  };
  await withEngine(tenantId, check, Date.UTC(2026, 9, 25, 12));
});
