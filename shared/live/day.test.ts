import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { startDay } from './day.ts';
import { measure } from './measure.ts';
import { createState, type LiveState } from './state.ts';
import { disorder, foldAll, MemoryLog, story } from './testing.ts';
import { agentIds, measureAgent } from './views.ts';

const MIDNIGHT = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const settings = { ...DEFAULT_SETTINGS, wrapUpSeconds: 15 };

function numbers(state: LiveState, now: number) {
  const windows = ['last60', 'today'] as const;
  return {
    metrics: windows.map((window) => measure(state, settings, now, { window })),
    agents: agentIds(state).map((id) => measureAgent(state, settings, now, id)),
  };
}

describe('[T1] [L14] midnight', () => {
  it('a state that lived through it shows what one built from the log afterwards shows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 30 }),
        (seed, alerts, reach) => {
          const start = MIDNIGHT - 12 * 60_000;
          const events = story({ seed, calls: 120, agents: 6, queues: 3, start, alerts, everyMs: 12_000 });
          const lived = createState({ dayStart: MIDNIGHT - DAY_MS, settings });
          const log = new MemoryLog();
          const before = events.filter((event) => event.occurredAt < MIDNIGHT);
          const after = events.filter((event) => event.occurredAt >= MIDNIGHT);
          foldAll(lived, disorder(before, seed, reach), 50, log);
          expect(startDay(lived, MIDNIGHT)).toBe(true);
          foldAll(lived, disorder(after, seed, reach), 50, log);
          const built = createState({ dayStart: MIDNIGHT, settings });
          foldAll(built, events);
          const now = MIDNIGHT + 20 * 60_000;
          expect(numbers(lived, now)).toEqual(numbers(built, now));
        },
      ),
      { numRuns: 30, seed: Number(process.env.FUZZ_SEED ?? 1) },
    );
  });

  it('asks to be built from the log when it noticed too late for its timelines to reach back', () => {
    const state = createState({ dayStart: MIDNIGHT - DAY_MS, settings });
    foldAll(state, story({ seed: 1, calls: 5, agents: 2, queues: 1, start: MIDNIGHT + 3_600_000 }));
    expect(startDay(state, MIDNIGHT)).toBe(false);
  });
});
