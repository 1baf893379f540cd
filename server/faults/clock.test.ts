import { describe, expect, it } from 'vitest';
import { traffic } from '../../e2e/testing/traffic.ts';
import { DEFAULT_SETTINGS } from '../../shared/contract/settings.ts';
import { evolve } from '../../shared/live/evolve.ts';
import { measure } from '../../shared/live/measure.ts';
import { createState, type LiveState } from '../../shared/live/state.ts';
import { agentIds, liveCallIds, measureAgent, measureCall } from '../../shared/live/views.ts';

const DAY = Date.UTC(2026, 10, 23);
const HOUR = 3_600_000;
const NOON = DAY + 12 * HOUR;

function folded(shiftHalfWay: number): LiveState {
  const state = createState({ dayStart: DAY, settings: DEFAULT_SETTINGS });
  const events = traffic({
    seed: 7,
    calls: 200,
    agents: 10,
    queues: 3,
    startMs: NOON - 2 * HOUR,
    endMs: NOON,
  });
  events.forEach((event, index) => {
    const shift = index > events.length / 2 ? shiftHalfWay : 0;
    evolve(state, { ...event, occurredAt: event.occurredAt + shift, seq: index + 1, recordedAt: NOON });
  });
  return state;
}

/** Every number below `value` that no clock can excuse: below zero, or not a number at all. */
function impossible(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return value < 0 || !Number.isFinite(value) ? [`${path} = ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => impossible(inner, `${path}.${key}`));
}

function everything(state: LiveState, now: number): unknown {
  return {
    windows: (['today', 'last15', 'last30', 'last60'] as const).map((window) =>
      measure(state, DEFAULT_SETTINGS, now, { window }),
    ),
    agents: agentIds(state).map((id) => measureAgent(state, DEFAULT_SETTINGS, now, id)),
    calls: liveCallIds(state).map((id) => measureCall(state, DEFAULT_SETTINGS, now, id)),
  };
}

describe('[S66] a clock that jumps', () => {
  it.each([-25 * HOUR, -HOUR, -1, 0, HOUR, 25 * HOUR])(
    'by %i ms on the server makes no number negative',
    (jump) => {
      const state = folded(0);
      expect(impossible(everything(state, NOON + jump))).toEqual([]);
      // And nothing of it stays: read again at the right time, the numbers are what they would have been.
      expect(everything(state, NOON)).toEqual(everything(folded(0), NOON));
    },
  );

  it.each([-HOUR, HOUR])('by %i ms at the source, half way, makes no number negative', (jump) => {
    expect(impossible(everything(folded(jump), NOON))).toEqual([]);
    expect(impossible(everything(folded(jump), NOON + 2 * HOUR))).toEqual([]);
  });
});
