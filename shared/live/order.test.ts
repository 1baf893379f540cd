import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { loadState, saveState } from './checkpoint.ts';
import { measure } from './measure.ts';
import { createState, type LiveState } from './state.ts';
import { disorder, foldAll, MemoryLog, type StoryOptions, story } from './testing.ts';
import { agentIds, liveCallIds, measureAgent, measureCall } from './views.ts';

/** The same stories in every run; another number tells others: FUZZ_SEED=7 npx vitest run shared/live/order. */
const FUZZ_SEED = Number(process.env.FUZZ_SEED ?? 1);
const START = Date.UTC(2026, 10, 23, 9);
const settings = { ...DEFAULT_SETTINGS, wrapUpSeconds: 15 };
const fresh = () => createState({ dayStart: Date.UTC(2026, 10, 23), settings });

/** Everything a wall could show, at an instant. */
function picture(state: LiveState, now: number) {
  const windows = ['last15', 'last60', 'today'] as const;
  return {
    metrics: windows.map((window) => measure(state, settings, now, { window })),
    agents: agentIds(state).map((id) => measureAgent(state, settings, now, id)),
    calls: liveCallIds(state).map((id) => measureCall(state, settings, now, id)),
  };
}

const options = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  reach: fc.integer({ min: 2, max: 400 }),
  restarts: fc.integer({ min: 0, max: 2 }),
  alerts: fc.boolean(),
  batch: fc.integer({ min: 1, max: 300 }),
});

function storyOf(seed: number, restarts: number, alerts: boolean): StoryOptions {
  return { seed, calls: 60, agents: 6, queues: 3, start: START, restarts, alerts };
}

describe('[L15] numbered in commit order, folded in event order', () => {
  it('any order of arrival and any batching give the numbers of the order in which it happened', () => {
    fc.assert(
      fc.property(options, ({ seed, reach, restarts, alerts, batch }) => {
        const events = story(storyOf(seed, restarts, alerts));
        const inOrder = fresh();
        foldAll(inOrder, events);
        const late = fresh();
        foldAll(late, disorder(events, seed + 1, reach), batch);
        for (const minutes of [5, 60, 300]) {
          const now = START + minutes * 60_000;
          expect(picture(late, now)).toEqual(picture(inOrder, now));
        }
      }),
      { numRuns: 150, seed: FUZZ_SEED },
    );
  });
});

describe('[L14] checkpoints', () => {
  it('a state saved and loaded midway ends in the same numbers as one never interrupted', () => {
    fc.assert(
      fc.property(options, ({ seed, reach, restarts, alerts }) => {
        const events = disorder(story(storyOf(seed, restarts, alerts)), seed, Math.min(reach, 20));
        const half = Math.floor(events.length / 2);
        const whole = fresh();
        foldAll(whole, events);
        const first = fresh();
        const log = foldAndKeep(first, events.slice(0, half));
        const second = loadState(saveState(first), settings);
        foldAll(second, events.slice(half), 50, log);
        const now = START + 3_600_000;
        expect(picture(second, now)).toEqual(picture(whole, now));
      }),
      { numRuns: 60, seed: FUZZ_SEED },
    );
  });
});

function foldAndKeep(state: LiveState, events: Parameters<typeof foldAll>[1]) {
  const log = new MemoryLog();
  foldAll(state, events, 50, log);
  return log;
}
