import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../contract/events.ts';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { loadCold, loadWarm, saveCold, saveWarm } from './checkpoint.ts';
import { coldIn, finishCold } from './cold.ts';
import { evolve } from './evolve.ts';
import { measure } from './measure.ts';
import { pendingRefold } from './refold.ts';
import { createState, type LiveState } from './state.ts';
import { disorder, foldAll, MemoryLog, type StoryOptions, settle, story } from './testing.ts';
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

/** The state as it comes back: what is warm, and the chunks of what is cold. */
function restart(state: LiveState): { state: LiveState; cold: string[] } {
  const isCold = coldIn(state);
  const calls = [...state.calls.values()];
  const [warm, cold] = [calls.filter((call) => !isCold(call)), calls.filter(isCold)];
  const loading = loadWarm([...saveWarm(state, warm, cold)], settings);
  let step = loading.next();
  while (!step.done) step = loading.next();
  return { state: step.value, cold: [...saveCold(cold)] };
}

function takeIn(state: LiveState, cold: string[]): void {
  for (const chunk of cold) loadCold(state, chunk);
  for (const queue of state.queues.values()) finishCold(state, queue);
}

describe('[L14] checkpoints', () => {
  it('a state saved and loaded midway ends in the same numbers as one never interrupted', () => {
    let colds = 0;
    fc.assert(
      fc.property(options, ({ seed, reach, restarts, alerts }) => {
        const told = story({ ...storyOf(seed, restarts, alerts), calls: 90, everyMs: 150_000 });
        const events = disorder(told, seed, Math.min(reach, 20));
        const half = Math.floor(events.length * 0.7);
        const whole = fresh();
        foldAll(whole, events);
        const first = fresh();
        const log = foldAndKeep(first, events.slice(0, half));
        const second = restart(first);
        colds += second.state.awaited;
        const at = first.watermark;
        expect(picture(second.state, at)).toEqual(picture(first, at));
        // Up to the first event that asks for a refold, folding goes on while the cold calls are still to come.
        let next = half;
        for (const event of events.slice(half, half + 40)) {
          next++;
          log.add(event);
          evolve(second.state, event);
          if (pendingRefold(second.state)) break;
        }
        takeIn(second.state, second.cold);
        expect(second.state.awaited).toBe(0);
        settle(second.state, log);
        foldAll(second.state, events.slice(next), 50, log);
        const now = (events.at(-1)?.occurredAt ?? START) + 3_600_000;
        expect(picture(second.state, now)).toEqual(picture(whole, now));
      }),
      { numRuns: 60, seed: FUZZ_SEED },
    );
    expect(colds).toBeGreaterThan(1_000);
  });

  it('an event for a call that is still to come is put right once it is there', () => {
    const first = fresh();
    const events = story({ ...storyOf(5, 0, false), calls: 90, everyMs: 150_000 });
    const log = foldAndKeep(first, events);
    const second = restart(first);
    const cold = [...first.calls.values()].find(coldIn(first));
    const again = {
      ...events[0],
      kind: 'call.queued' as const,
      callId: cold?.id ?? '',
      queue: 'q1',
      origin: 'inbound' as const,
      occurredAt: first.watermark + 1_000,
      sourceKey: 'again',
      seq: events.length + 1,
    } as LogEvent; // A whole event: the first one's envelope, with a call that comes back.
    const whole = fresh();
    foldAll(whole, [...events, again]);
    log.add(again);
    evolve(second.state, again);
    takeIn(second.state, second.cold);
    settle(second.state, log);
    const now = first.watermark + 60_000;
    expect(picture(second.state, now)).toEqual(picture(whole, now));
  });
});

function foldAndKeep(state: LiveState, events: Parameters<typeof foldAll>[1]) {
  const log = new MemoryLog();
  foldAll(state, events, 50, log);
  return log;
}
