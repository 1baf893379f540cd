import { describe, expect, it } from 'vitest';
import type { EventKind } from '../contract/events.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../contract/settings.ts';
import { startDay } from './day.ts';
import { measureQueue } from './measure.ts';
import { createState, type LiveState } from './state.ts';
import { foldAll, tell } from './testing.ts';
import { agentIds, measureAgent } from './views.ts';

const DAY = Date.UTC(2026, 10, 23);
const NINE = DAY + 9 * 3_600_000;
const HOUR = 3_600;

type Line = [number, EventKind, Record<string, unknown>];
const A = 'Agent/1';

function fold(lines: Line[], settings: LiveSettings = DEFAULT_SETTINGS): LiveState {
  const state = createState({ dayStart: DAY, settings });
  foldAll(state, tell(NINE, lines));
  return state;
}

function agent(lines: Line[], seconds: number, settings: LiveSettings = DEFAULT_SETTINGS, id = A) {
  const view = measureAgent(fold(lines, settings), settings, NINE + seconds * 1_000, id);
  if (!view) throw new Error(`no agent ${id}`);
  return view;
}

const at = (seconds: number) => new Date(NINE + seconds * 1_000).toISOString();
const signIn: Line = [0, 'agent.signed_in', { agent: A, queues: ['q'] }];
const state = (seconds: number, to: string, fields = {}): Line => [
  seconds,
  'agent.state_changed',
  { agent: A, state: to, ...fields },
];
const call = (seconds: number, end: number, callId = 'c'): Line[] => [
  [seconds - 5, 'call.queued', { callId, queue: 'q', origin: 'inbound' }],
  [seconds, 'call.answered', { callId, queue: 'q', agent: A }],
  [end, 'call.ended', { callId, queue: 'q', agent: A, by: 'caller' }],
];
const withWrapUp = { ...DEFAULT_SETTINGS, wrapUpSeconds: 30 };

describe('[A1] what an agent is shown as', () => {
  it.each<[string, Line[], number, string, number]>([
    ['signed in: available', [signIn], 10, 'available', 0],
    ['signed out: offline', [signIn, [60, 'agent.signed_out', { agent: A }]], 70, 'offline', 60],
    ['paused agent-wide', [signIn, state(30, 'paused')], 40, 'paused', 30],
    ['pause ends', [signIn, state(30, 'paused'), state(90, 'available')], 100, 'available', 90],
    ['on a call', [signIn, ...call(20, 80)], 100, 'available', 80],
    [
      'a pause during a call takes effect at its end',
      [signIn, ...call(20, 80), state(40, 'paused')],
      100,
      'paused',
      80,
    ],
    [
      'a sign-out during a call too',
      [signIn, ...call(20, 80), [40, 'agent.signed_out', { agent: A }]],
      100,
      'offline',
      80,
    ],
    [
      'unpausing does not sign in who signed out',
      [signIn, [60, 'agent.signed_out', { agent: A }], state(70, 'available')],
      80,
      'offline',
      60,
    ],
    ['a second pause changes nothing', [signIn, state(30, 'paused'), state(50, 'paused')], 60, 'paused', 30],
    ['unheard for 24 h: offline from then', [signIn], 25 * HOUR, 'offline', 24 * HOUR],
  ])('%s', (_title, lines, seconds, expected, since) => {
    const sorted = [...lines].sort((a, b) => a[0] - b[0]);
    expect(agent(sorted, seconds)).toMatchObject({ state: expected, stateSince: at(since) });
  });

  it('shows the talk while it lasts, held when all its calls are held', () => {
    const lines: Line[] = [signIn, ...call(20, 80).slice(0, 2), [40, 'call.held', { callId: 'c', agent: A }]];
    expect(agent(lines.slice(0, 3), 30)).toMatchObject({
      state: 'talking',
      callId: 'c',
      reason: 'inbound',
      queueId: 'q',
    });
    expect(agent(lines, 50)).toMatchObject({ state: 'hold', stateSince: at(40) });
  });

  it('is paused when every served queue is flagged; a queue counts only agents not paused in it', () => {
    const two: Line = [0, 'agent.signed_in', { agent: A, queues: ['q', 'p'] }];
    const one = [two, state(10, 'paused', { queue: 'q' })];
    expect(agent(one, 20)).toMatchObject({ state: 'available', pausedQueues: ['q'] });
    const numbers = (id: string) =>
      measureQueue(fold(one), DEFAULT_SETTINGS, NINE + 20_000, id, { window: 'today' });
    expect(numbers('q')).toMatchObject({ agentsAvailable: 0, agentsPaused: 1 });
    expect(numbers('p')).toMatchObject({ agentsAvailable: 1, agentsPaused: 0 });
    expect(agent([...one, state(15, 'paused', { queue: 'p' })], 20).state).toBe('paused');
  });

  it('PAUSEALL sets every flag, UNPAUSE clears its queue’s and the agent-wide one', () => {
    const two: Line = [0, 'agent.signed_in', { agent: A, queues: ['q', 'p'] }];
    const lines = [two, state(10, 'paused', { everyQueue: true }), state(20, 'available', { queue: 'q' })];
    expect(agent(lines, 30)).toMatchObject({ state: 'available', pausedQueues: ['p'] });
  });

  it('without reported sign-ins is signed in from the first membership until the last, or 4 h of silence', () => {
    const member: Line[] = [[0, 'agent.joined', { agent: A, queue: 'q' }], ...call(20, 80)];
    expect(agent(member, 100)).toMatchObject({ state: 'available', inferred: true });
    expect(agent(member, 80 + 4 * HOUR)).toMatchObject({ state: 'offline', stateSince: at(80 + 4 * HOUR) });
    expect(agent([...member, [90, 'agent.left', { agent: A, queue: 'q' }]], 100).state).toBe('offline');
  });

  it('ring time learned afterwards re-labels available time only', () => {
    const lines: Line[] = [signIn, [15, 'call.queued', { callId: 'c', queue: 'q', origin: 'inbound' }]];
    const ringing = agent(
      [...lines, [20, 'call.answered', { callId: 'c', queue: 'q', agent: A, ringMs: 6_000 }]],
      30,
    );
    expect(ringing).toMatchObject({
      ringing: { ms: 6_000 },
      available: { ms: 14_000 },
      talk: { runningSince: at(20) },
    });
  });

  it('a ring ends when the caller leaves, without an event of the agent’s', () => {
    const lines: Line[] = [
      signIn,
      [10, 'call.queued', { callId: 'c', queue: 'q', origin: 'inbound' }],
      [12, 'call.alerted', { callId: 'c', queue: 'q', agent: A }],
    ];
    expect(agent(lines, 20)).toMatchObject({ state: 'ringing', stateSince: at(12) });
    const gone: Line[] = [...lines, [18, 'call.left', { callId: 'c', queue: 'q', outcome: 'abandoned' }]];
    expect(agent(gone, 20)).toMatchObject({ state: 'available', stateSince: at(18) });
  });
});

describe('[A5] wrap-up', () => {
  it('runs for the configured time after the talk, and then by itself no longer', () => {
    const lines = [signIn, ...call(20, 80)];
    expect(agent(lines, 90, withWrapUp)).toMatchObject({ state: 'wrap_up', stateSince: at(80), handled: 0 });
    expect(agent(lines, 120, withWrapUp)).toMatchObject({
      state: 'available',
      stateSince: at(110),
      handled: 1,
      ahtMs: 90_000,
    });
  });

  it('ends early with the next call, and the visit’s handle time with it', () => {
    const lines = [signIn, ...call(20, 80), ...call(95, 130, 'd')];
    const numbers = measureQueue(fold(lines, withWrapUp), withWrapUp, NINE + 200_000, 'q', {
      window: 'today',
    });
    expect(numbers).toMatchObject({ handled: 2, averageWrapUpMs: (15_000 + 30_000) / 2 });
  });

  it('a reported wrap-up counts as reported', () => {
    const lines: Line[] = [
      signIn,
      ...call(20, 80),
      [100, 'call.wrapped', { callId: 'c', agent: A, wrapUpMs: 18_000 }],
    ];
    expect(agent(lines, 110)).toMatchObject({ ahtMs: 78_000, wrapUp: { ms: 18_000 } });
  });
});

describe('[A6] rings nobody took', () => {
  const ring = (seconds: number, ringMs: number, reason = 'no_answer'): Line => [
    seconds,
    'call.missed',
    { callId: 'c', queue: 'q', agent: A, ringMs, reason },
  ];

  it('only rings of 5 s and more, or rejected ones, are missed', () => {
    const lines = [signIn, ring(10, 4_999), ring(20, 5_000), ring(30, 100, 'rejected')];
    expect(agent(lines, 40)).toMatchObject({ missedRings: 2, unreachable: false });
  });

  it('three shorter ones in a row mark the agent unreachable, until a call reaches him', () => {
    const lines = [signIn, ring(10, 0), ring(20, 0), ring(30, 0)];
    expect(agent(lines, 40).unreachable).toBe(true);
    expect(agent([...lines, ...call(50, 60, 'd')], 70).unreachable).toBe(false);
  });
});

describe('one person, several names', () => {
  it('an interface and an agent with the same extension are one agent, shown by the name in answers', () => {
    const lines: Line[] = [
      [0, 'agent.joined', { agent: 'Local/7@x/n', queue: 'q' }],
      [1, 'agent.signed_in', { agent: 'Agent/7' }],
      [5, 'call.answered', { callId: 'c', queue: 'q', agent: 'Agent/7' }],
    ];
    expect(agentIds(fold(lines))).toEqual(['Agent/7']);
  });

  it('an interface seen only in memberships is no person', () => {
    expect(agentIds(fold([[0, 'agent.joined', { agent: 'Local/7@x/n', queue: 'q' }]]))).toEqual([]);
  });

  it('[S63] a name such as __proto__ is a name', () => {
    expect(
      agent([[0, 'agent.signed_in', { agent: '__proto__' }]], 5, DEFAULT_SETTINGS, '__proto__').state,
    ).toBe('available');
  });
});

describe('[A2] [A3] time', () => {
  it('occupancy leaves pauses out, utilisation does not', () => {
    const lines = [
      signIn,
      state(0, 'paused'),
      state(100, 'available'),
      ...call(150, 250),
      state(300, 'paused'),
    ].sort((a, b) => a[0] - b[0]);
    const numbers = measureQueue(fold(lines), DEFAULT_SETTINGS, NINE + 400_000, 'q', { window: 'today' });
    expect(numbers.occupancy).toBeCloseTo(100 / 200);
    expect(numbers.utilisation).toBeCloseTo(100 / 400);
  });

  it('[T1] midnight begins today’s sums again and goes on with what runs', () => {
    const lines = [signIn, ...call(20, 80)];
    const centre = fold(lines);
    const midnight = NINE + 200_000;
    expect(startDay(centre, midnight)).toBe(true);
    expect(measureQueue(centre, DEFAULT_SETTINGS, midnight + 5_000, 'q', { window: 'today' })).toMatchObject({
      offered: 0,
      agentsAvailable: 1,
    });
    expect(measureQueue(centre, DEFAULT_SETTINGS, midnight + 5_000, 'q', { window: 'last15' })).toMatchObject(
      { offered: 1, answered: 1 },
    );
    expect(measureAgent(centre, DEFAULT_SETTINGS, midnight + 5_000, A)).toMatchObject({
      handled: 0,
      talk: { ms: 0 },
      signedIn: { runningSince: new Date(midnight).toISOString() },
    });
  });
});

describe('what may go on for too long', () => {
  const limits = {
    ...DEFAULT_SETTINGS,
    pauseLimits: [
      { reason: 'Lunch', minutes: 30 },
      { reason: null, minutes: 10 },
    ],
  };
  const limitOf = (reason: string | undefined, settings: LiveSettings) =>
    agent([signIn, state(30, 'paused', { reason })], 40, settings).pauseLimitMs;

  it('is a pause, by its reason however it is spelled, or as any other', () => {
    expect(limitOf('Lunch', limits)).toBe(30 * 60_000);
    expect(limitOf(' LUNCH ', limits)).toBe(30 * 60_000);
    expect(limitOf('Coffee', limits)).toBe(10 * 60_000);
    expect(limitOf(undefined, limits)).toBe(10 * 60_000);
    expect(limitOf('Coffee', { ...limits, pauseLimits: limits.pauseLimits.slice(0, 1) })).toBeNull();
  });

  it('is nothing else an agent does', () => {
    expect(agent([signIn], 10, limits).pauseLimitMs).toBeNull();
    expect(agent([signIn, ...call(20, 80)], 50, limits).pauseLimitMs).toBeNull();
  });

  it('is a talk, counted from its answer through every hold', () => {
    const held: Line[] = [
      ...call(20, 80).slice(0, 2),
      [40, 'call.held', { callId: 'c', queue: 'q', agent: A }],
    ];
    expect(agent([signIn, ...held], 50)).toMatchObject({
      state: 'hold',
      stateSince: at(40),
      callSince: at(20),
    });
    const resumed: Line[] = [...held, [55, 'call.resumed', { callId: 'c', queue: 'q', agent: A }]];
    expect(agent([signIn, ...resumed], 60)).toMatchObject({
      state: 'talking',
      stateSince: at(55),
      callSince: at(20),
    });
    expect(agent([signIn, ...call(20, 80)], 90).callSince).toBeNull();
  });
});
