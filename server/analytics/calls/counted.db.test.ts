import { afterAll, beforeAll, expect, it } from 'vitest';
import { VISIT_COUNTS, type VisitCount } from '../../../shared/contract/calls.ts';
import type { LogEvent } from '../../../shared/contract/events.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../../shared/contract/settings.ts';
import { countQueue } from '../../../shared/live/counted.ts';
import { type Counts, thresholdsOf } from '../../../shared/live/counts.ts';
import { evolve } from '../../../shared/live/evolve.ts';
import { createState, type LiveState } from '../../../shared/live/state.ts';
import { MemoryLog, queueSettings, settle, story } from '../../../shared/live/testing.ts';
import { wrapOf } from '../../../shared/live/wrapOf.ts';
import type { VisitFact } from '../../../shared/metrics/facts.ts';
import { isClosedAt } from '../../../shared/metrics/openingHours.ts';
import { missedWaiting } from '../../../shared/metrics/verdicts.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { insertVisits, visitOf } from './testing.ts';
import { visitRules } from './visitRules.ts';
import { countVisits } from './visits.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const START = Date.UTC(2026, 2, 2, 8);
const OUTCOMES = [
  'abandoned',
  'timed_out',
  'key_exit',
  'callback_requested',
  'overflowed',
  'withdrawn',
] as const;

/** It closes in the middle of the story [T8]. */
const HOURS = [{ days: [1], opens: '08:00', closes: '08:15' }];

/** Queues with thresholds of their own, one of which takes whoever waits a minute for gone. */
const settings: LiveSettings = {
  ...DEFAULT_SETTINGS,
  thresholdSeconds: 10,
  queues: new Map([
    ['q0', queueSettings('unassigned')],
    [
      'q1',
      { ...queueSettings('unassigned'), thresholdSeconds: 25, shortAbandonSeconds: 30, wrapUpSeconds: 20 },
    ],
    [
      'q2',
      { ...queueSettings('unassigned'), maxWaitSeconds: 60, shortAbandonSeconds: 0, openingHours: HOURS },
    ],
  ]),
};

/** More ways of leaving than the story knows, and callbacks. */
function varied(event: LogEvent, index: number): LogEvent {
  if (event.kind === 'call.left')
    return { ...event, outcome: OUTCOMES[index % OUTCOMES.length] ?? 'abandoned' };
  if (event.kind === 'call.queued' && index % 7 === 0) return { ...event, origin: 'callback' };
  return event;
}

function factsOf(state: LiveState): VisitFact[] {
  return [...state.calls.values()].flatMap((call) => [
    ...call.visits.map((visit, index) => {
      const wrap = wrapOf(call, visit);
      const {
        queueId,
        enteredAt,
        origin,
        outcome,
        settledAt,
        waitMs,
        endedAt,
        talkMs,
        transferred,
        completed,
      } = visit;
      const handledAt = wrap === undefined ? endedAt : (wrap.endedAt ?? wrap.until);
      return visitOf({
        callId: call.id,
        nth: index + 1,
        ...{ queueId, enteredAt, origin, outcome, settledAt, waitMs, endedAt, talkMs, identity: visit.agent },
        isTransferred: transferred,
        isCompleted: completed,
        isOutsideHours: isClosedAt(settings, queueId, enteredAt),
        handledAt: endedAt === null ? null : handledAt,
        earlierQueues: [...new Set(call.visits.slice(0, index).map((earlier) => earlier.queueId))],
      });
    }),
    ...call.refusals.map(({ queueId, at }, index) =>
      visitOf({ callId: call.id, nth: -1 - index, queueId, enteredAt: at, outcome: 'refused' }),
    ),
  ]);
}

/** What live counts under each of the names; how many calls there are it only says of totals. */
function countedLive({ tally, verdicts }: Counts, calls: number): Record<VisitCount, number> {
  return {
    ...tally,
    calls,
    repeated: tally.offered - calls,
    missedWaiting: missedWaiting(verdicts),
    waitingOrLost: tally.open + tally.lost - tally.callbackUnsettled,
    met: verdicts.met,
    missed: verdicts.missed,
    abandonedWithin: verdicts.abandonedWithin,
    shortAbandoned: verdicts.short,
    shortWithin: verdicts.shortWithin,
    callbackWithin: verdicts.callbackWithin,
    otherWithin: verdicts.otherWithin,
    flowOuts: verdicts.flowOuts,
  };
}

it.each([1, 2, 3])(
  '[R1] [SL0] the visits listed for a figure are as many as live counts today (seed %i)',
  async (seed) => {
    const tenantId = await test.newTenant(`Seed ${seed}`);
    const events = story({
      seed,
      calls: 600,
      agents: 12,
      queues: 3,
      start: START,
      everyMs: 4_000,
      restarts: 1,
    }).map(varied);
    // In the middle of it, so that some wait, talk and wrap up.
    const told = events.slice(0, Math.floor(events.length * 0.7));
    const now = (told.at(-1)?.occurredAt ?? START) + 12_000;
    const state = createState({ dayStart: START, settings });
    const log = new MemoryLog();
    for (const event of told) log.add(event);
    for (const event of told) evolve(state, event);
    settle(state, log);
    await insertVisits(test.ownerSql, tenantId, factsOf(state));
    const seen = new Set<string>();
    for (const queue of state.queues.values()) {
      for (const query of [{}, { threshold: 5, shortAbandon: 8 }]) {
        const asked = { window: 'today' as const, ...query };
        const calls = [...state.calls.values()].filter((call) =>
          call.visits.some(({ queueId }) => queueId === queue.id),
        );
        const live = countedLive(
          countQueue(state, queue, thresholdsOf(settings, queue.id, asked), asked, now),
          calls.length,
        );
        const rules = visitRules(settings, now, query);
        const listed: Record<string, number> = {};
        for (const counted of VISIT_COUNTS) {
          const filter = { from: START, queues: [queue.id], counted: [counted] };
          listed[counted] = await inTenant(test.db, tenantId, (tx) =>
            countVisits(tx, tenantId, filter, rules),
          );
          if (listed[counted] > 0) seen.add(counted);
        }
        expect(listed).toEqual(Object.fromEntries(VISIT_COUNTS.map((name) => [name, live[name]])));
      }
    }
    const filter = { from: START, queues: ['q0', 'q1'], counted: ['calls'] as const };
    const ofBoth = [...state.calls.values()].filter((call) =>
      call.visits.some(({ queueId }) => queueId === 'q0' || queueId === 'q1'),
    );
    const rules = visitRules(settings, now);
    const listed = await inTenant(test.db, tenantId, (tx) => countVisits(tx, tenantId, filter, rules));
    expect(listed, 'each call once, whichever of two queues it entered first').toBe(ofBoth.length);
    // A list of none would agree with anything.
    expect(seen.size).toBeGreaterThan(VISIT_COUNTS.length - 4);
  },
);
