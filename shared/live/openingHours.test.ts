import { describe, expect, it } from 'vitest';
import type { EventKind } from '../contract/events.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../contract/settings.ts';
import { measureQueue } from './measure.ts';
import { createState, type LiveState } from './state.ts';
import { foldAll, queueSettings, tell } from './testing.ts';
import { measureAgent } from './views.ts';

const DAY = Date.UTC(2026, 10, 23);
const NINE = DAY + 9 * 3_600_000;

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
const call = (seconds: number, end: number, callId = 'c'): Line[] => [
  [seconds - 5, 'call.queued', { callId, queue: 'q', origin: 'inbound' }],
  [seconds, 'call.answered', { callId, queue: 'q', agent: A }],
  [end, 'call.ended', { callId, queue: 'q', agent: A, by: 'caller' }],
];

describe('opening hours on a wall', () => {
  it('[T8] who is available while all queues served are closed is outside both ratios', () => {
    const hours = (opens: string, closes: string) => ({
      ...queueSettings('s'),
      openingHours: [{ days: [1, 2, 3, 4, 5, 6, 7], opens, closes }],
    });
    const closing: LiveSettings = {
      ...DEFAULT_SETTINGS,
      queues: new Map([
        ['q', hours('09:00', '09:10')],
        ['late', hours('09:00', '09:20')],
      ]),
    };
    const lines: Line[] = [signIn, ...call(100, 200)];
    const at15 = NINE + 15 * 60_000;
    const numbersOf = (centre: LiveState, window: 'today' | 'last30', settings = closing) =>
      measureQueue(centre, settings, at15, 'q', { window });
    for (const window of ['today', 'last30'] as const) {
      const { occupancy, utilisation } = numbersOf(fold(lines, closing), window);
      expect([occupancy, utilisation]).toEqual([100 / 600, 100 / 600]);
    }
    expect(agent(lines, 900, closing)).toMatchObject({
      ...{ state: 'available', stateSince: at(200), reason: 'closed', occupancy: 100 / 600 },
      // What a wall ticks from goes on by itself.
      available: { ms: 500_000, runningSince: at(600) },
    });
    // Nobody's time is lost where one of the queues is open, from the moment it is served.
    const joined: Line[] = [...lines, [720, 'agent.joined', { agent: A, queue: 'late' }]];
    expect(numbersOf(fold(joined, closing), 'today').utilisation).toBe(100 / 780);
    expect(agent(joined, 900, closing)).toMatchObject({ reason: null, stateSince: at(200) });
    expect(agent(joined, 1_300, closing)).toMatchObject({ reason: 'closed' });
    // A ring that is only learned of later was never before closed doors.
    const rung: Line[] = [
      ...lines,
      [640, 'call.missed', { callId: 'd', queue: 'q', agent: A, ringMs: 30_000 }],
    ];
    expect(numbersOf(fold(rung, closing), 'today').utilisation).toBe(100 / 630);
    expect(numbersOf(fold(lines), 'today', DEFAULT_SETTINGS).utilisation).toBe(100 / 900);
  });

  it('[T8] calls that enter while their queue is closed are counted beside', () => {
    const closing = {
      ...DEFAULT_SETTINGS,
      queues: new Map([['q', { ...queueSettings('s'), openingHours: [] }]]),
    };
    const lines = [signIn, ...call(100, 200), ...call(300, 400, 'd')];
    const counted = (settings: LiveSettings, window: 'today' | 'last15') =>
      measureQueue(fold(lines, settings), settings, NINE + 600_000, 'q', { window });
    for (const window of ['today', 'last15'] as const) {
      expect(counted(closing, window)).toMatchObject({ offered: 2, answered: 2, outsideHours: 2 });
      expect(counted(DEFAULT_SETTINGS, window)).toMatchObject({ offered: 2, outsideHours: 0 });
    }
  });
});
