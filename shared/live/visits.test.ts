import { describe, expect, it } from 'vitest';
import type { EventKind } from '../contract/events.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../contract/settings.ts';
import type { MeasureQuery } from './counts.ts';
import { measureQueue, measureTotal } from './measure.ts';
import { createState } from './state.ts';
import { foldAll, tell } from './testing.ts';

const DAY = Date.UTC(2026, 10, 23);
const NINE = DAY + 9 * 3_600_000;

type Line = [number, EventKind, Record<string, unknown>];

/** The numbers of queue `q` (and the total) after a story told in seconds from nine o'clock. */
function outcome(
  lines: Line[],
  seconds: number,
  query: Partial<MeasureQuery> = {},
  settings: LiveSettings = DEFAULT_SETTINGS,
) {
  const state = createState({ dayStart: DAY, settings });
  foldAll(state, tell(NINE, lines));
  const now = NINE + seconds * 1_000;
  const full = { window: 'today' as const, ...query };
  return {
    queue: measureQueue(state, settings, now, 'q', full),
    total: measureTotal(state, settings, now, full),
  };
}

const queued = (at: number, callId: string, fields = {}): Line => [
  at,
  'call.queued',
  { callId, queue: 'q', origin: 'inbound', ...fields },
];
const answered = (at: number, callId: string, fields = {}): Line => [
  at,
  'call.answered',
  { callId, queue: 'q', agent: 'Agent/1', ...fields },
];
const ended = (at: number, callId: string, fields = {}): Line => [
  at,
  'call.ended',
  { callId, queue: 'q', agent: 'Agent/1', by: 'caller', ...fields },
];
const left = (at: number, callId: string, outcome: string, fields = {}): Line => [
  at,
  'call.left',
  { callId, queue: 'q', outcome, ...fields },
];

describe('visits', () => {
  it('[V1] [V2] [V6] [H1] an answered call is offered, answered, handled, with its wait and talk', () => {
    const { queue } = outcome([queued(0, 'a'), answered(12, 'a'), ended(72, 'a')], 80);
    expect(queue).toMatchObject({
      offered: 1,
      answered: 1,
      handled: 1,
      open: 0,
      asaMs: 12_000,
      ahtMs: 60_000,
      maxWaitMs: 12_000,
    });
    expect(queue.lowSample).toContain('asaMs');
  });

  it('[T3] a duration the source reports counts, not the difference of instants', () => {
    const { queue } = outcome(
      [
        queued(0, 'a'),
        answered(12, 'a', { waitMs: 11_000 }),
        ended(72, 'a', { talkMs: 58_000, waitMs: 99_000 }),
      ],
      80,
    );
    expect(queue).toMatchObject({ asaMs: 11_000, averageTalkMs: 58_000 });
  });

  it('[V3] [V4] short abandons are counted beside, and leave the rate', () => {
    const lines = [
      queued(0, 'a'),
      left(3, 'a', 'abandoned'),
      queued(0, 'b'),
      left(30, 'b', 'abandoned'),
      queued(0, 'c'),
      answered(9, 'c'),
    ];
    const { queue } = outcome(lines, 60);
    expect(queue).toMatchObject({
      abandoned: 2,
      shortAbandoned: 1,
      abandonmentRate: 0.5,
      averageAbandonMs: 16_500,
    });
    expect(outcome(lines, 60, { shortAbandon: 0 }).queue.abandonmentRate).toBeCloseTo(2 / 3);
  });

  it('a second entry at the same instant is a duplicate; a later one leaves the older visit lost', () => {
    expect(outcome([queued(0, 'a'), queued(0, 'a')], 5).queue).toMatchObject({ offered: 1, waiting: 1 });
    expect(outcome([queued(0, 'a'), queued(30, 'a')], 40).queue).toMatchObject({
      offered: 2,
      lost: 1,
      waiting: 1,
    });
  });

  it('[S61] an answer without a visit opens one at occurredAt − wait; the same answer again does not', () => {
    const { queue } = outcome([answered(60, 'a', { waitMs: 20_000 }), answered(61, 'a')], 70);
    expect(queue).toMatchObject({ offered: 1, answered: 1, asaMs: 20_000 });
  });

  it('[S61] an end without a visit opens one at occurredAt − wait − talk', () => {
    const { queue } = outcome([ended(100, 'a', { waitMs: 10_000, talkMs: 50_000 })], 110);
    expect(queue).toMatchObject({
      offered: 1,
      answered: 1,
      handled: 1,
      asaMs: 10_000,
      averageTalkMs: 50_000,
    });
  });

  it('COMPLETE after a transfer repeats an end that is known', () => {
    const lines: Line[] = [
      queued(0, 'a'),
      answered(5, 'a'),
      [
        40,
        'call.transferred',
        { callId: 'a', queue: 'q', agent: 'Agent/1', talkMs: 35_000, transferKind: 'blind' },
      ],
      ended(90, 'a', { talkMs: 85_000 }),
    ];
    expect(outcome(lines, 100).queue).toMatchObject({
      handled: 1,
      transferred: 1,
      averageTalkMs: 35_000,
      completionRate: 1,
    });
  });

  it('a transfer logged under another call id belongs to its agent’s only call in hand', () => {
    const lines: Line[] = [
      queued(0, 'a'),
      answered(5, 'a'),
      [40, 'call.transferred', { callId: 'x', queue: 'q', agent: 'Agent/1', transferKind: 'blind' }],
    ];
    expect(outcome(lines, 100).queue).toMatchObject({ offered: 1, handled: 1, transferred: 1 });
  });

  it('a restart loses who waited, cuts off who talked, and leaves the answered answered', () => {
    const lines: Line[] = [queued(0, 'a'), queued(1, 'b'), answered(5, 'b'), [20, 'source.restarted', {}]];
    expect(outcome(lines, 30).queue).toMatchObject({
      offered: 2,
      lost: 1,
      answered: 1,
      handled: 0,
      waiting: 0,
      open: 0,
    });
  });

  it('[V10] a caller who waited beyond the maximum is lost, without any event', () => {
    const lines = [queued(0, 'a')];
    expect(outcome(lines, 7_200).queue).toMatchObject({ waiting: 1, open: 1, lost: 0 });
    expect(outcome(lines, 7_201).queue).toMatchObject({
      waiting: 0,
      open: 0,
      lost: 1,
      longestWaitSince: null,
    });
  });

  it('[V0] refused calls are received, not offered', () => {
    const { queue } = outcome(
      [[0, 'call.refused', { callId: 'a', queue: 'q', reason: 'closed' }], queued(1, 'b')],
      5,
    );
    expect(queue).toMatchObject({ received: 2, refused: 1, offered: 1 });
  });

  it('[V11] callbacks wait in the backlog until completed, and their own visits are outside the rates', () => {
    const request = [queued(0, 'a'), left(30, 'a', 'callback_requested')];
    expect(outcome(request, 40).queue).toMatchObject({ callbacks: 1, callbackBacklog: 1 });
    const done: Line[] = [...request, [600, 'callback.completed', { callId: 'a', outcome: 'connected' }]];
    expect(outcome(done, 700).queue.callbackBacklog).toBe(0);
    const visit = [queued(0, 'b', { origin: 'callback' }), left(60, 'b', 'abandoned')];
    expect(outcome(visit, 70).queue).toMatchObject({
      offered: 1,
      abandoned: 1,
      abandonmentRate: null,
      maxWaitMs: null,
    });
  });

  it('[H1] hold is apart from talk where the source tells them apart, else null', () => {
    const held: Line[] = [
      queued(0, 'a'),
      answered(5, 'a'),
      [20, 'call.held', { callId: 'a', agent: 'Agent/1' }],
      [30, 'call.resumed', { callId: 'a', agent: 'Agent/1' }],
      ended(65, 'a'),
    ];
    expect(outcome(held, 70).queue).toMatchObject({
      averageTalkMs: 50_000,
      averageHoldMs: 10_000,
      ahtMs: 60_000,
    });
    expect(outcome([queued(0, 'a'), answered(5, 'a'), ended(65, 'a')], 70).queue.averageHoldMs).toBeNull();
  });

  it('[T5] a call in two queues is two visits and one call', () => {
    const lines: Line[] = [
      queued(0, 'a'),
      left(30, 'a', 'overflowed'),
      [30, 'call.queued', { callId: 'a', queue: 'p', origin: 'transfer' }],
      [50, 'call.left', { callId: 'a', queue: 'p', outcome: 'abandoned' }],
    ];
    const { total } = outcome(lines, 60);
    expect(total).toMatchObject({ offered: 2, calls: 1, abandonmentRate: 1 });
    expect(outcome(lines, 60, { window: 'last15' }).total).toMatchObject({
      offered: 2,
      calls: 1,
      abandonmentRate: 1,
    });
  });
});

describe('service level as it falls', () => {
  it('[SL0] a waiting caller is undecided until T, then missed while still waiting', () => {
    const lines = [queued(0, 'a'), answered(10, 'a'), queued(20, 'b')];
    for (const window of ['today', 'last15'] as const) {
      expect(outcome(lines, 40, { window }).queue).toMatchObject({
        serviceLevel: 1,
        waitingOverThreshold: 0,
      });
      expect(outcome(lines, 41, { window }).queue).toMatchObject({
        serviceLevel: 0.5,
        waitingOverThreshold: 1,
      });
    }
  });

  it('[SL0] a wait of exactly T is within', () => {
    expect(outcome([queued(0, 'a'), answered(20, 'a')], 60).queue.serviceLevel).toBe(1);
    expect(outcome([queued(0, 'a'), answered(20.001, 'a')], 60).queue.serviceLevel).toBe(0);
  });

  it('[T7] in a sliding window the verdict counts by its own instant', () => {
    const lines = [queued(0, 'a'), answered(100, 'a')];
    expect(outcome(lines, 919, { window: 'last15' }).queue.serviceLevel).toBe(0);
    expect(outcome(lines, 921, { window: 'last15' }).queue).toMatchObject({
      serviceLevel: null,
      answered: 1,
    });
    expect(outcome(lines, 1_001, { window: 'last15' }).queue).toMatchObject({ answered: 0, offered: 0 });
  });

  it('thresholds beyond ten minutes are counted from the visits', () => {
    const lines = [queued(0, 'a'), answered(700, 'a'), queued(0, 'b'), answered(710, 'b')];
    expect(outcome(lines, 720, { threshold: 705 }).queue.serviceLevel).toBe(0.5);
  });
});
