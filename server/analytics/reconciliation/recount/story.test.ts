import { describe, expect, it } from 'vitest';
import type { EventKind } from '../../../../shared/contract/events.ts';
import { tell } from '../../../../shared/live/testing.ts';
import { tellStory } from './story.ts';

const START = Date.parse('2026-10-12T09:00:00Z');
type Line = [number, EventKind, Record<string, unknown>];

function told(lines: Line[]) {
  const events = tell(
    START,
    lines.map(([at, kind, fields]): Line => [at, kind, { callId: 'c', ...fields }]),
  );
  const restarts = events.filter(({ kind }) => kind === 'source.restarted');
  return tellStory(
    events.filter(({ kind }) => kind !== 'source.restarted'),
    restarts,
    (name) => name,
  );
}
const stays = (lines: Line[]) =>
  told(lines).stays.map(({ queueId, outcome, waitMs, talkMs, holdMs }) => [
    queueId,
    outcome,
    waitMs,
    talkMs,
    holdMs,
  ]);
const queued: Line = [0, 'call.queued', { queue: 'q', origin: 'inbound' }];

describe('the story of a call, counted by itself', () => {
  it.each<[string, Line[], unknown[]]>([
    ['waits', [queued], [['q', 'waiting', 0, null, null]]],
    [
      '[T3] a wait that was reported counts',
      [queued, [9, 'call.left', { queue: 'q', outcome: 'abandoned', waitMs: 8_000 }]],
      [['q', 'abandoned', 8_000, null, null]],
    ],
    [
      '[H1] talk is without what was held',
      [
        queued,
        [5, 'call.answered', { queue: 'q', agent: 'a' }],
        [20, 'call.held', {}],
        [30, 'call.resumed', {}],
        [60, 'call.ended', { queue: 'q', by: 'caller' }],
      ],
      [['q', 'answered', 5_000, 45_000, 10_000]],
    ],
    [
      'a second entry leaves the first lost',
      [queued, [30, 'call.queued', { queue: 'q', origin: 'inbound' }]],
      [
        ['q', 'lost', 30_000, null, null],
        ['q', 'waiting', 0, null, null],
      ],
    ],
    [
      'an entry told twice is one',
      [queued, [0, 'call.queued', { queue: 'q', origin: 'inbound' }]],
      [['q', 'waiting', 0, null, null]],
    ],
    [
      '[V10] a restart loses who waits',
      [queued, [12, 'source.restarted', {}]],
      [['q', 'lost', 12_000, null, null]],
    ],
    [
      '[V10] a restart ends talks at no known length, and what is told of them afterwards repeats it',
      [
        queued,
        [5, 'call.answered', { queue: 'q', agent: 'a' }],
        [20, 'source.restarted', {}],
        [25, 'call.ended', { queue: 'q', by: 'caller' }],
      ],
      [['q', 'answered', 5_000, null, null]],
    ],
    [
      'an end without a beginning is a visit concluded',
      [[100, 'call.ended', { queue: 'q', by: 'agent', waitMs: 10_000, talkMs: 60_000 }]],
      [['q', 'answered', 10_000, 60_000, null]],
    ],
    [
      'leaving twice is leaving once',
      [
        queued,
        [9, 'call.left', { queue: 'q', outcome: 'timed_out' }],
        [10, 'call.left', { queue: 'q', outcome: 'timed_out' }],
      ],
      [['q', 'timed_out', 9_000, null, null]],
    ],
  ])('%s', (_, lines, expected) => {
    expect(stays(lines)).toEqual(expected);
  });

  it('[A6] a ring counts as missed when it was rejected, or rang for five seconds; whoever else answers stops it', () => {
    const ring = (lines: Line[]) => told([queued, ...lines]).misses.length;
    const alerted: Line = [1, 'call.alerted', { queue: 'q', agent: 'a' }];
    const missed = (at: number, fields: object = {}): Line => [
      at,
      'call.missed',
      { queue: 'q', agent: 'a', reason: 'no_answer', ...fields },
    ];
    expect(ring([alerted, missed(5.9)])).toBe(0);
    expect(ring([alerted, missed(6)])).toBe(1);
    expect(ring([alerted, missed(2, { reason: 'rejected' })])).toBe(1);
    expect(ring([missed(20, { reason: 'unreachable' })])).toBe(0);
    expect(ring([missed(20, { ringMs: 1_000 })])).toBe(0);
    expect(ring([missed(2)])).toBe(1);
  });
});
