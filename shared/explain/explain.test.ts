import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentRow, performanceMetrics } from '../contract/analytics.ts';
import { DEFINITIONS } from '../contract/metrics.ts';
import { qualityAgentRow } from '../contract/quality.ts';
import { emptyLegSums } from '../metrics/agentSums.ts';
import { firstContactMetrics } from '../metrics/contacts.ts';
import { legMetrics } from '../metrics/legMetrics.ts';
import { timeMetrics } from '../metrics/timeMetrics.ts';
import { emptyTimeSums } from '../metrics/timeSums.ts';
import { visitMetrics } from '../metrics/visitMetrics.ts';
import { type CountedVisit, sumVisits } from '../metrics/visitSums.ts';
import {
  AGENT_METRICS,
  agentEntry,
  type Entry,
  type Metric,
  REVIEW_METRICS,
  VISIT_METRICS,
  type VisitReading,
  visitEntry,
} from './catalogue.ts';
import { explain } from './explain.ts';
import { figureOf, sumOf } from './formulas.ts';
import { contactParts, legParts, type Parts, timeParts, visitParts } from './parts.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const MINIMUM = 10;
const GENESYS = { abandonsOut: false, shortAbandonsIn: false, flowOutsIn: false };

const waits = fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 900_000 }));
const visits = fc.array(
  fc
    .record({
      outcome: fc.constantFrom<CountedVisit['outcome'][]>(
        ...([
          'answered',
          'answered',
          'abandoned',
          'abandoned',
          'timed_out',
          'no_agents',
          'key_exit',
        ] as const),
        ...(['callback_requested', 'overflowed', 'withdrawn', 'lost', 'open', 'open', 'refused'] as const),
      ),
      origin: fc.constantFrom<CountedVisit['origin'][]>('inbound', 'inbound', 'callback', 'transfer'),
      waitMs: waits,
      age: fc.integer({ min: 0, max: 20_000_000 }),
      talkMs: fc.option(fc.integer({ min: 0, max: 600_000 })),
      holdMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
      isOver: fc.boolean(),
      isTransferred: fc.boolean(),
      isCompleted: fc.boolean(),
      isOutsideHours: fc.boolean(),
      earlierQueues: fc.constantFrom<string[][]>([], [], ['q0'], ['q1']),
    })
    .map(({ age, isOver, talkMs, holdMs, ...visit }): CountedVisit => {
      const enteredAt = NOW - (visit.outcome === 'open' ? age / 500 : age);
      const isLeft = visit.outcome !== 'open' && visit.outcome !== 'refused';
      const isEnded = visit.outcome === 'answered' && isOver;
      const endedAt = isEnded ? enteredAt + visit.waitMs : null;
      const isHandled = isEnded && talkMs !== null;
      return {
        ...visit,
        enteredAt,
        settledAt: isLeft ? enteredAt + visit.waitMs : null,
        endedAt,
        talkMs: isEnded ? talkMs : null,
        holdMs: isHandled ? holdMs : null,
        wrapUpMs: isHandled ? 5_000 : null,
        handledAt: isHandled ? enteredAt + 5_000 : null,
      };
    }),
  { maxLength: 60 },
);
const readings: fc.Arbitrary<VisitReading> = fc.record({
  definition: fc.constantFrom(...DEFINITIONS),
  genesys: fc.record({ abandonsOut: fc.boolean(), shortAbandonsIn: fc.boolean(), flowOutsIn: fc.boolean() }),
  isTotal: fc.boolean(),
});
const thresholds = fc.record({
  thresholdSeconds: fc.integer({ min: 0, max: 60 }),
  shortAbandonSeconds: fc.integer({ min: 0, max: 60 }),
  maxWaitMs: fc.constantFrom(15_000, 7_200_000),
});
const times = fc.record(
  Object.fromEntries(Object.keys(emptyTimeSums()).map((key) => [key, fc.nat({ max: 5_000_000 })])),
);
const legs = fc.record(
  Object.fromEntries(Object.keys(emptyLegSums()).map((key) => [key, fc.nat({ max: 50 })])),
);

const explained = (metric: Metric, entry: Entry, parts: Parts) =>
  explain({ metric, entry, parts, variants: [], minimumSample: MINIMUM, callsBehind: () => null });

/** Names of what is no figure. */
const NO_FIGURES = [
  ...['agentId', 'name', 'sectorId', 'lowSample', 'firstSignedInAt', 'lastSignedInAt'],
  'firstContactDays',
];
const figuresOf = (shape: object) => Object.keys(shape).filter((name) => !NO_FIGURES.includes(name));

describe('the catalogue', () => {
  it('has an entry for every figure there is, and for nothing else', () => {
    expect([...VISIT_METRICS].sort()).toEqual(figuresOf(performanceMetrics.shape).sort());
    expect([...AGENT_METRICS].sort()).toEqual(figuresOf(agentRow.shape).sort());
    // `scored` counts for others; the rest of a summary of reviews is lists of figures, and a median of no sum.
    const ofReviews = new Set([...figuresOf(qualityAgentRow.shape), 'calibration']);
    ofReviews.delete('scored');
    expect([...REVIEW_METRICS].sort()).toEqual([...ofReviews].sort());
  });
});

describe('an explained figure', () => {
  it('[SL1]–[SL7] [V0]–[V7] [H1]–[H3] of visits is the figure shown, to the digit, and as well founded', () => {
    fc.assert(
      fc.property(visits, thresholds, readings, fc.nat(9), (some, under, reading, repeated) => {
        const { sums } = sumVisits(some, 3, under, NOW);
        const { tally, verdicts } = sums;
        const calls = Math.max(0, tally.offered - repeated);
        const histograms = [tally.answeredWaits, tally.abandonedWaits, tally.callbackWaits, tally.otherWaits];
        const shown = visitMetrics(
          { tally, verdicts, shortAbandoned: verdicts.short, waits: [], histograms },
          { ...reading, minimumSample: MINIMUM, isSliding: false },
          reading.isTotal ? { callsOffered: calls, callsLeft: 0 } : null,
        );
        const parts = visitParts(sums, calls);
        for (const metric of VISIT_METRICS) {
          if (!(metric in shown)) continue;
          const { value, unit, sample, filled } = explained(metric, visitEntry(metric, reading), parts);
          expect(value, metric).toBe(Reflect.get(shown, metric));
          expect(sample?.isLow ?? false, metric).toBe(shown.lowSample.includes(metric));
          // The figure stays exact; what is read beside the formula has the digits a person reads.
          const told = filled.split(' ').at(-1) ?? '';
          expect(told, filled).toMatch(
            value === null ? /^–$/ : unit === 'ratio' ? /^-?\d+(\.\d{1,4})?$/ : /^\d+$/,
          );
          if (value !== null)
            expect(Math.abs(Number(told) - value), filled).toBeLessThanOrEqual(
              unit === 'ratio' ? 5.0001e-5 : 0.5,
            );
        }
      }),
      { numRuns: 400 },
    );
  });

  it('[A2] [A3] of time is the figure shown, to the digit', () => {
    fc.assert(
      fc.property(times, (drawn) => {
        const time = { ...emptyTimeSums(), ...drawn };
        const shown = timeMetrics(time);
        for (const metric of Object.keys(shown) as (keyof typeof shown)[]) // Its own keys.
          expect(figureOf(agentEntry(metric).formula, timeParts(time)), metric).toBe(shown[metric]);
      }),
    );
  });

  it('[H4] of first contacts is the figure shown, to the digit, and as well founded', () => {
    const reading: VisitReading = { definition: 'standard', genesys: GENESYS, isTotal: false };
    const contacts = fc.option(
      fc.tuple(fc.nat(40), fc.nat(40)).map(([resolved, others]) => ({ resolved, calls: resolved + others })),
    );
    fc.assert(
      fc.property(contacts, (first) => {
        const {
          isSmall,
          firstContactDays: _,
          ...shown
        } = firstContactMetrics(first, {
          firstContactDays: 7,
          minimumSample: MINIMUM,
        });
        for (const metric of Object.keys(shown) as (keyof typeof shown)[]) {
          const { value, sample } = explained(metric, visitEntry(metric, reading), contactParts(first));
          expect(value, metric).toBe(shown[metric]);
          if (metric === 'firstContactResolution') expect(sample?.isLow ?? false).toBe(isSmall);
        }
      }),
    );
  });

  it('of an agent is the figure of the row, to the digit, and as well founded', () => {
    fc.assert(
      fc.property(legs, (drawn) => {
        const sums = { ...emptyLegSums(), ...drawn };
        const shown = legMetrics(sums, MINIMUM);
        for (const metric of AGENT_METRICS) {
          if (!(metric in shown)) continue;
          const { value, sample } = explained(metric, agentEntry(metric), legParts(sums));
          expect(value, metric).toBe(Reflect.get(shown, metric));
          expect(sample?.isLow ?? false, metric).toBe(shown.lowSample.includes(metric));
        }
      }),
    );
  });
});

describe('what is left out', () => {
  it('[SL0] [V4] [V5] [V7] and what is divided by are all that was offered', () => {
    fc.assert(
      fc.property(visits, thresholds, readings, fc.nat(9), (some, under, reading, repeated) => {
        const { sums } = sumVisits(some, 0, under, NOW);
        const parts = visitParts(sums, sums.tally.offered - repeated);
        const all: Metric[] = ['serviceLevel', 'abandonmentRate', 'completionRate', 'maxWaitMs', 'waitP90Ms'];
        for (const metric of VISIT_METRICS.filter((name) => all.includes(name))) {
          const { sample, excluded } = visitEntry(metric, reading);
          const out = excluded.filter(({ reason }) => reason !== 'refused');
          const counted = [sample ?? [], ...out.map(({ terms }) => terms)].map((terms) =>
            sumOf(terms, parts),
          );
          const sum = counted.reduce((all, count) => (all ?? 0) + (count ?? 0), 0);
          expect(sum, `${metric} ${reading.definition}`).toBe(sums.tally.offered);
        }
      }),
      { numRuns: 400 },
    );
  });
});

it('[T4] a formula is told in words, with its numbers, and with a dash for what there is not', () => {
  const reading: VisitReading = {
    definition: 'standard',
    genesys: GENESYS,
    isTotal: false,
  };
  const entry = visitEntry('serviceLevel', reading);
  const parts = { met: 6, missed: 3, abandonedWithin: 2, shortWithin: 1 };
  expect(explained('serviceLevel', entry, parts)).toMatchObject({
    ruleId: 'SL1',
    title: 'Service level',
    words:
      'answered within T / (answered within T + waited beyond T + abandoned within T − short abandons within T)',
    filled: '6 / (6 + 3 + 2 − 1) = 0.6',
    sample: { size: 10, minimum: 10, isLow: false },
  });
  const none = { met: 0, missed: 0, abandonedWithin: 0, shortWithin: 0 };
  expect(explained('serviceLevel', entry, none)).toMatchObject({
    value: null,
    filled: '0 / (0 + 0 + 0 − 0) = –',
  });
});
