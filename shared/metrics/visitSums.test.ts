import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type LiveSettings } from '../contract/settings.ts';
import { countQueue } from '../live/counted.ts';
import { thresholdsOf } from '../live/counts.ts';
import { createState, type LiveState } from '../live/state.ts';
import { foldAll, queueSettings, story } from '../live/testing.ts';
import { wrapOf } from '../live/wrapOf.ts';
import type { VisitFact } from './facts.ts';
import { countWithin } from './histogram.ts';
import { distinctCalls, repeatEntries, repeatsOf } from './repeats.ts';
import {
  type CountedVisit,
  emptySums,
  mergedSums,
  mergeSums,
  restamp,
  sumVisits,
  toRead,
} from './visitSums.ts';

const DAY = Date.UTC(2026, 10, 23);
const HOUR = 3_600_000;
const QUEUES = ['q0', 'q1', 'q2'];

/** Wrap-ups that end by themselves, a queue of other thresholds, ghosts after ten minutes. */
const SETTINGS: LiveSettings = {
  ...DEFAULT_SETTINGS,
  wrapUpSeconds: 40,
  maxWaitSeconds: 600,
  queues: new Map([
    ['q1', { ...queueSettings('s'), thresholdSeconds: 8, shortAbandonSeconds: 12 }],
    ['q2', { ...queueSettings('s'), thresholdSeconds: 700, shortAbandonSeconds: 2 }],
  ]),
};

interface Told {
  queueId: string;
  callId: string;
  visit: CountedVisit;
}

/** The day's visits and refusals as facts. */
function visitsOf(state: LiveState): Told[] {
  const told: Told[] = [];
  for (const call of state.calls.values()) {
    const earlier: string[] = [];
    for (const visit of [...call.visits].sort((a, b) => a.enteredAt - b.enteredAt)) {
      if (visit.enteredAt < state.dayStart) continue;
      const isOver = visit.outcome === 'answered' && visit.endedAt !== null && visit.talkMs !== null;
      const wrap = wrapOf(call, visit);
      const handledAt = !isOver ? null : wrap ? (wrap.endedAt ?? wrap.until) : visit.endedAt;
      const wrapUpMs = wrap
        ? (wrap.reportedMs ?? (handledAt === null ? null : Math.max(0, handledAt - wrap.from)))
        : 0;
      told.push({
        queueId: visit.queueId,
        callId: call.id,
        visit: {
          ...visit,
          handledAt,
          wrapUpMs,
          isTransferred: visit.transferred,
          isCompleted: visit.completed,
          isOutsideHours: false,
          earlierQueues: [...new Set(earlier)],
        },
      });
      earlier.push(visit.queueId);
    }
    for (const { queueId, at } of call.refusals) {
      if (at >= state.dayStart)
        told.push({ queueId, callId: call.id, visit: visitFact({ enteredAt: at, outcome: 'refused' }) });
    }
  }
  return told;
}

function visitFact(fields: Partial<VisitFact>): CountedVisit {
  return {
    enteredAt: DAY,
    origin: 'inbound',
    outcome: 'open',
    settledAt: null,
    waitMs: 0,
    endedAt: null,
    talkMs: null,
    holdMs: null,
    wrapUpMs: null,
    handledAt: null,
    isTransferred: false,
    isOutsideHours: false,
    isCompleted: false,
    earlierQueues: [],
    ...fields,
  };
}

const byQueue = (told: readonly Told[], id: string) =>
  told.filter(({ queueId }) => queueId === id).map(({ visit }) => visit);

const aVisit = fc.record({
  enteredAt: fc.integer({ min: DAY, max: DAY + 2 * HOUR }),
  origin: fc.constantFrom<VisitFact['origin']>('inbound', 'callback', 'transfer'),
  outcome: fc.constantFrom<VisitFact['outcome']>(
    ...(['open', 'answered', 'abandoned', 'timed_out', 'callback_requested', 'lost', 'refused'] as const),
  ),
  settledAt: fc.option(fc.integer({ min: DAY, max: DAY + 3 * HOUR })),
  waitMs: fc.integer({ min: 0, max: 1_200_000 }),
  endedAt: fc.option(fc.integer({ min: DAY, max: DAY + 3 * HOUR })),
  talkMs: fc.option(fc.integer({ min: 0, max: 100_000 })),
  holdMs: fc.option(fc.integer({ min: 0, max: 100_000 })),
  wrapUpMs: fc.option(fc.integer({ min: 0, max: 100_000 })),
  handledAt: fc.option(fc.integer({ min: DAY, max: DAY + 3 * HOUR })),
  isTransferred: fc.boolean(),
  isCompleted: fc.boolean(),
  isOutsideHours: fc.boolean(),
  earlierQueues: fc.uniqueArray(fc.constantFrom(...QUEUES)),
});
const seconds = fc.integer({ min: 0, max: 600 });
const thresholds = fc.record({
  thresholdSeconds: seconds,
  shortAbandonSeconds: seconds,
  maxWaitMs: fc.integer({ min: 1_000, max: 2 * HOUR }),
});

describe('sums of visits', () => {
  it('[R1] are what live counts as today, at any time from the last event on', () => {
    const aStory = fc.record({
      seed: fc.integer(),
      calls: fc.integer({ min: 1, max: 120 }),
      restarts: fc.integer({ min: 0, max: 1 }),
      sinceMidnight: fc.constantFrom(-300_000, 60_000),
      laterMs: fc.uniqueArray(fc.integer({ min: 0, max: 900_000 }), { minLength: 1, maxLength: 4 }),
    });
    let open = 0;
    fc.assert(
      fc.property(aStory, ({ seed, calls, restarts, sinceMidnight, laterMs }) => {
        const state = createState({ dayStart: DAY, settings: SETTINGS });
        const start = DAY + sinceMidnight;
        const told = story({ seed, calls, restarts, agents: 12, queues: 3, start, everyMs: 6_000 });
        // What has not happened yet leaves callers waiting, talking and being wrapped up.
        const events = told.slice(0, Math.ceil(told.length * 0.8));
        foldAll(state, events);
        const facts = visitsOf(state);
        for (const later of laterMs) {
          const now = (events.at(-1)?.occurredAt ?? DAY) + later;
          for (const queue of state.queues.values()) {
            const t = thresholdsOf(SETTINGS, queue.id, { window: 'today' });
            const live = countQueue(state, queue, t, { window: 'today' }, now);
            const { sums } = sumVisits(byQueue(facts, queue.id), queue.tally.missedRings, t, now);
            expect(sums.tally).toEqual(live.tally);
            expect(sums.verdicts).toEqual(live.verdicts);
            expect(sums.verdicts.short).toBe(live.shortAbandoned);
            open += sums.unsettled;
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(open).toBeGreaterThan(0);
  });

  it('[T2] change by time alone at dueAt, and not before', () => {
    const once = (visits: CountedVisit[], t: Parameters<typeof sumVisits>[2], now: number) =>
      sumVisits(visits, 0, t, now);
    fc.assert(
      fc.property(fc.array(aVisit, { maxLength: 8 }), thresholds, (visits, t) => {
        let now = DAY + HOUR;
        for (let steps = 0; ; steps++) {
          const { sums, dueAt } = once(visits, t, now);
          if (dueAt === null) {
            expect(once(visits, t, now + 1_000 * HOUR).sums).toEqual(sums);
            return;
          }
          expect(dueAt).toBeGreaterThan(now);
          expect(once(visits, t, dueAt - 1).sums).toEqual(sums);
          expect(once(visits, t, dueAt).sums).not.toEqual(sums);
          expect(steps).toBeLessThan(20);
          now = dueAt;
        }
      }),
    );
  });

  it('[T5] of parts add up to those of the whole, however it is split', () => {
    const visits = fc.array(fc.tuple(aVisit, fc.integer({ min: 0, max: 3 })), { maxLength: 40 });
    fc.assert(
      fc.property(visits, thresholds, (split, t) => {
        const now = DAY + 2 * HOUR;
        const parts = [0, 1, 2, 3].map((part) => {
          const visits = split.filter(([, of]) => of === part).map(([visit]) => visit);
          return sumVisits(visits, part, t, now).sums;
        });
        const whole = emptySums();
        for (const part of parts) mergeSums(whole, part);
        const all = sumVisits(
          split.map(([visit]) => visit),
          6,
          t,
          now,
        ).sums;
        expect(whole).toEqual(all);
        const { tally, verdicts, repeats, unsettled } = mergedSums(parts.map(toRead));
        const numbers = (of: object) => Object.entries(of).filter(([, value]) => typeof value === 'number');
        expect(numbers(tally)).toEqual(numbers(all.tally));
        expect([verdicts, unsettled]).toEqual([all.verdicts, all.unsettled]);
        expect(repeatEntries(repeatsOf(repeats))).toEqual(repeatEntries(all.repeats));
        for (const kind of ['answeredWaits', 'abandonedWaits', 'callbackWaits', 'otherWaits'] as const)
          for (const seconds of [0, 5, 30, 1_000])
            expect(countWithin(tally[kind], seconds)).toBe(countWithin(all.tally[kind], seconds));
      }),
    );
  });

  it('[SL0] under other thresholds come from the histograms to the unit, up to 600 s', () => {
    fc.assert(
      fc.property(fc.array(aVisit, { maxLength: 40 }), thresholds, thresholds, (visits, t, other) => {
        const settled = visits.filter(({ outcome }) => outcome !== 'open');
        const { sums } = sumVisits(settled, 0, t, DAY + 2 * HOUR);
        expect(restamp(sums, other)).toEqual(sumVisits(settled, 0, other, DAY + 2 * HOUR).sums.verdicts);
      }),
    );
  });

  it('[SL0] keep what was missed by waiting alone when they are stamped again', () => {
    const open = visitFact({ enteredAt: DAY });
    const t = { thresholdSeconds: 20, shortAbandonSeconds: 5, maxWaitMs: HOUR };
    const { sums } = sumVisits([open], 0, t, DAY + 60_000);
    expect(sums.verdicts.missed).toBe(1);
    expect(restamp(sums, { ...t, thresholdSeconds: 30 }).missed).toBe(1);
  });

  it('beyond 600 s a threshold is counted from the visits themselves', () => {
    const t = { thresholdSeconds: 650, shortAbandonSeconds: 5, maxWaitMs: HOUR };
    const answered = (waitMs: number) => visitFact({ outcome: 'answered', settledAt: DAY + waitMs, waitMs });
    const { sums } = sumVisits([answered(649_999), answered(650_000), answered(650_001)], 0, t, DAY + HOUR);
    expect([sums.verdicts.met, sums.verdicts.missed]).toEqual([2, 1]);
  });
});

describe('distinct calls', () => {
  it('[T5] of any choice of queues count a call once, at its first visit to any of them', () => {
    const calls = fc.array(fc.array(fc.constantFrom(...QUEUES), { minLength: 1, maxLength: 5 }), {
      maxLength: 15,
    });
    fc.assert(
      fc.property(calls, fc.subarray(QUEUES), (journeys, asked) => {
        const chosen = new Set(asked);
        const rows = asked.map((id) => {
          const visits = journeys.flatMap((journey) =>
            journey.flatMap((queue, i) =>
              queue === id ? [visitFact({ earlierQueues: [...new Set(journey.slice(0, i))] })] : [],
            ),
          );
          const t = { thresholdSeconds: 20, shortAbandonSeconds: 5, maxWaitMs: HOUR };
          const { sums } = sumVisits(visits, 0, t, DAY);
          return { offered: sums.tally.offered, repeats: repeatEntries(sums.repeats) };
        });
        const expected = journeys.filter((journey) => journey.some((id) => chosen.has(id))).length;
        expect(distinctCalls(rows, chosen)).toBe(expected);
      }),
    );
  });
});
