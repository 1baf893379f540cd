import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventKind, LogEvent } from '../../../shared/contract/events.ts';
import type { OpeningHours } from '../../../shared/contract/settingsRest.ts';
import { measure } from '../../../shared/live/measure.ts';
import { disorder, story, tell } from '../../../shared/live/testing.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { demoDayAt } from '../../ingest/simulator/clock.ts';
import { tellDay } from '../../ingest/simulator/day.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { appendStory } from '../../live/testing.ts';
import { buildState } from '../../log/build.ts';
import { plusDays } from '../calendar.ts';
import { differing, projectAll, proofOf } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const NOW = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;

interface Kept {
  timeZone: string;
  wrapUpSeconds?: number;
  definition?: string;
  dayStartMinutes?: number;
  /** Of each queue. */
  hours?: Record<string, OpeningHours>;
}

async function centreIn({
  timeZone,
  wrapUpSeconds = 30,
  definition = 'standard',
  dayStartMinutes = 0,
}: Kept): Promise<string> {
  const id = await test.newTenant(`t${Math.random()}`);
  await inTenant(
    test.db,
    id,
    (tx) => tx`
      update settings set time_zone = ${timeZone}, wrap_up_seconds = ${wrapUpSeconds}, definition = ${definition},
        day_start_minutes = ${dayStartMinutes}
      where tenant_id = ${id}`,
  );
  return id;
}

async function proveDays(events: readonly LogEvent[], from: string, days: number, kept: Kept) {
  const tenantId = await centreIn(kept);
  await appendStory(test.db, tenantId, events);
  // A sector of two queues, and one of what is left.
  await inTenant(test.db, tenantId, async (tx) => {
    await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North')`;
    await tx`update queues set sector_id = 'north' where tenant_id = ${tenantId} and id in ('q0', 'q1')`;
  });
  for (const [queueId, hours] of Object.entries(kept.hours ?? {}))
    await inTenant(
      test.db,
      tenantId,
      (tx) => tx`
        update queues set opening_hours = ${JSON.stringify(hours)}::text::jsonb
        where tenant_id = ${tenantId} and id = ${queueId}`,
    );
  await projectAll(test.db, tenantId, NOW);
  const proofs = [];
  for (let day = 0; day < days; day++)
    proofs.push(await proofOf(test.db, tenantId, plusDays(from, day), NOW));
  return { tenantId, proofs };
}

/** Three days with everything that comes to pass at a phone. */
const threeDays = (seed: number, start: string) =>
  story({
    seed,
    calls: 220,
    agents: 6,
    queues: 3,
    start: Date.parse(start),
    everyMs: 17 * 60_000,
    restarts: 2,
    alerts: seed % 2 === 0,
  });

describe('[R1] live as of the settling instant, history, its facts and a recount of the log agree', () => {
  it.each<[number, string, string, Kept]>([
    [1, '2026-10-24T06:00:00Z', '2026-10-24', { timeZone: 'Europe/Berlin' }],
    [2, '2026-10-31T09:00:00Z', '2026-10-31', { timeZone: 'America/New_York', definition: 'genesys' }],
    [3, '2026-10-03T00:00:00Z', '2026-10-03', { timeZone: 'Australia/Lord_Howe', definition: 'connect' }],
    [4, '2026-03-28T06:00:00Z', '2026-03-28', { timeZone: 'Europe/Berlin', wrapUpSeconds: 0 }],
    [5, '2026-10-10T06:00:00Z', '2026-10-10', { timeZone: 'Asia/Kolkata', dayStartMinutes: 300 }],
    [6, '2026-10-10T06:00:00Z', '2026-10-10', { timeZone: 'UTC', definition: 'cisco_positive' }],
    [7, '2026-10-10T06:00:00Z', '2026-10-10', { timeZone: 'UTC', definition: 'talkdesk' }],
  ])(
    'of three random days, the ends and beginnings of summer time among them, seed %i',
    async (seed, start, from, kept) => {
      const { proofs } = await proveDays(disorder(threeDays(seed, start), seed, 40), from, 3, kept);
      expect(proofs.flatMap(differing)).toEqual([]);
      expect(proofs.reduce((sum, { visits }) => sum + visits, 0)).toBeGreaterThan(150);
      for (const { compared, rows } of proofs) {
        expect(compared).toBeGreaterThan(200);
        const sectors = rows.filter(({ of, metric }) => of === 'sector' && metric === 'calls');
        expect(sectors.map(({ id, values }) => [id, Object.keys(values).length])).toEqual([
          ['north', 4],
          ['unassigned', 4],
        ]);
      }
    },
  );

  it.each([
    [9, 'Europe/Berlin'],
    [10, 'Australia/Lord_Howe'],
  ])(
    '[T8] of three days of queues that close, at night and at the end of summer time among them, seed %i',
    async (seed, timeZone) => {
      const start = timeZone === 'Europe/Berlin' ? '2026-10-24' : '2026-10-03';
      const everyDay = [1, 2, 3, 4, 5, 6, 7];
      const hours = {
        q0: [{ days: everyDay, opens: '08:10', closes: '12:07' }],
        q1: [{ days: [1, 2, 3, 4, 5, 6], opens: '22:00', closes: '02:30' }],
        q2: [{ days: [7], opens: '01:00', closes: '03:05' }],
      };
      const { proofs } = await proveDays(
        disorder(threeDays(seed, `${start}T00:00:00Z`), seed, 40),
        start,
        3,
        { timeZone, hours },
      );
      expect(proofs.flatMap(differing)).toEqual([]);
      for (const metric of ['closedMs', 'outsideHours']) {
        const found = proofs.flatMap(({ rows }) =>
          rows.filter((row) => row.of === 'total' && row.metric === metric),
        );
        expect(
          found.reduce((sum, { values }) => sum + Number(values.history), 0),
          metric,
        ).toBeGreaterThan(0);
      }
    },
  );

  it('of a day of the simulator: a weekday whole, with its storm, pauses, outbound calls and callbacks', async () => {
    const at = Date.UTC(2026, 10, 11, 12);
    const events = [-1, 0].flatMap((offset) => tellDay(demoDayAt('callboard', 'Europe/Lisbon', at, offset)));
    const log = events.map((event, i): LogEvent => ({ ...event, seq: i + 1, recordedAt: event.occurredAt }));
    const { proofs } = await proveDays(log, '2026-11-11', 1, { timeZone: 'Europe/Lisbon' });
    const [proof] = proofs;
    expect(proof && differing(proof)).toEqual([]);
    expect(proof?.visits).toBeGreaterThan(500);
  }, 240_000);

  it('of a day on which transfers are told under ids of other calls, as old Asterisk does', async () => {
    const start = Date.parse('2026-10-10T09:00:00Z');
    const lines: [number, EventKind, Record<string, unknown>][] = [];
    for (const [at, call, agent] of [
      [0, 'c1', 'ann'],
      [10, 'c2', 'bob'],
    ] as const) {
      lines.push([at, 'call.queued', { callId: call, queue: 'q', origin: 'inbound' }]);
      lines.push([at + 5, 'call.answered', { callId: call, queue: 'q', agent }]);
    }
    lines.push([60, 'call.transferred', { callId: 'other', queue: 'q', agent: 'ann', to: '42' }]);
    lines.push([61, 'call.ended', { callId: 'c1', queue: 'q', agent: 'ann', by: 'agent', talkMs: 56_000 }]);
    lines.push([90, 'call.ended', { callId: 'c2', queue: 'q', agent: 'bob', by: 'caller' }]);
    // Of somebody who has nothing in hand: it can only be that call's own.
    lines.push([95, 'call.transferred', { callId: 'lone', queue: 'q', agent: 'cid', talkMs: 20_000 }]);
    const { proofs } = await proveDays(tell(start, lines), '2026-10-10', 1, { timeZone: 'UTC' });
    expect(proofs.flatMap(differing)).toEqual([]);
    const transferred = proofs[0]?.rows.find(({ of, metric }) => of === 'total' && metric === 'transferred');
    expect(transferred?.values.recount).toBe(2);
    expect(proofs[0]?.visits).toBe(3);
  });

  it('[L14] what is called live is what its endpoint answers as of that instant, of what entered on the day', async () => {
    const events = threeDays(8, '2026-10-10T06:00:00Z').filter(
      ({ occurredAt }) => occurredAt < Date.parse('2026-10-11T23:30:00Z'),
    );
    const { tenantId, proofs } = await proveDays(events, '2026-10-11', 1, { timeZone: 'UTC' });
    const [proof] = proofs;
    if (!proof) throw new Error('unreachable: one day was asked for');
    const { settings } = await loadSettings(test.db, tenantId);
    const state = await buildState(test.db, tenantId, {
      settings,
      dayStart: proof.day.start,
      until: proof.settledAt,
      seq: proof.seq,
    });
    if (!state) throw new Error('unreachable: nobody stops it');
    const { totals, queues } = measure(state, settings, proof.settledAt, { window: 'today' });
    const live = new Map<string, object>([
      ['', totals],
      ...queues.map((one): [string, object] => [one.queueId, one]),
    ]);
    let compared = 0;
    for (const { of, id, metric, values } of proof.rows) {
      const seen: unknown = of === 'agent' ? undefined : Reflect.get(live.get(id) ?? {}, metric);
      // How agents spent a day, live tells of those who are there now.
      if (seen === undefined || ['occupancy', 'utilisation'].includes(metric)) continue;
      compared++;
      expect(values.live, `${of} ${id} ${metric}`).toEqual(seen);
    }
    expect(compared).toBeGreaterThan(100);
    expect(proof.settledAt).toBeGreaterThanOrEqual(proof.day.start + DAY_MS);
  });
});
