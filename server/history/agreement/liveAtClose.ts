import type { LogEvent } from '../../../shared/contract/events.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { evolve } from '../../../shared/live/evolve.ts';
import { measure } from '../../../shared/live/measure.ts';
import { createState } from '../../../shared/live/state.ts';
import { MemoryLog, settle } from '../../../shared/live/testing.ts';
import { agentIds, measureAgent } from '../../../shared/live/views.ts';
import { BUILD_REACH_MS } from '../../log/build.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { inOrder } from './recountVisits.ts';

/**
 * Tests only: what the wall said of a day when it had settled, by live's own code. By then the next day has begun to count:
 * what a state says of both, less what another says of the next alone, is what it says of the day.
 */
export function liveAtClose(
  log: readonly LogEvent[],
  settings: LiveSettings,
  day: LocalDay,
  settledAt: number,
) {
  const both = wall(log, settings, day.start, settledAt);
  const next = wall(log, settings, day.end, settledAt);
  return {
    /** Of the queues, sectors and all: whole, where nothing of the next day is in it. */
    measured: both.measured,
    counts: subtract(both.counts, next.counts),
    agents: new Map(
      [...both.agents].map(([id, sums]) => [id, subtract(sums, next.agents.get(id) ?? {})] as const),
    ),
  };
}

type Sums = Record<string, number>;

const COUNTS = [
  ...([
    'received',
    'refused',
    'offered',
    'outsideHours',
    'answered',
    'handled',
    'abandoned',
    'shortAbandoned',
    'timedOut',
  ] as const),
  ...([
    'noAgents',
    'keyExits',
    'callbacks',
    'overflowed',
    'withdrawn',
    'lost',
    'open',
    'transferred',
  ] as const),
  'missedRings' as const,
];

function wall(log: readonly LogEvent[], settings: LiveSettings, dayStart: number, at: number) {
  const state = createState({ dayStart, settings });
  const memory = new MemoryLog();
  const told = inOrder(log).filter(
    ({ occurredAt }) => occurredAt >= dayStart - BUILD_REACH_MS && occurredAt <= at,
  );
  for (const event of told) {
    memory.add(event);
    evolve(state, event);
  }
  settle(state, memory);
  const measured = measure(state, settings, at, { window: 'today' });
  const counts: Sums = {};
  for (const queue of measured.queues)
    for (const name of COUNTS) counts[`${queue.queueId} ${name}`] = queue[name];
  const agents = new Map<string, Sums>();
  for (const id of agentIds(state)) {
    const view = measureAgent(state, settings, at, id);
    if (!view) continue;
    const time = (sum: { ms: number; runningSince: string | null }) =>
      sum.ms + (sum.runningSince === null ? 0 : at - Date.parse(sum.runningSince));
    agents.set(id, {
      answered: view.answered,
      handled: view.handled,
      missedRings: view.missedRings,
      outbound: view.outbound,
      signedInMs: time(view.signedIn),
      talkMs: time(view.talk),
      holdMs: time(view.hold),
      ringingMs: time(view.ringing),
      wrapUpMs: time(view.wrapUp),
      pausedMs: time(view.paused),
      availableMs: time(view.available),
    });
  }
  return { measured, counts, agents };
}

function subtract(from: Sums, what: Sums): Sums {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, value - (what[name] ?? 0)]));
}
