import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { traffic, withLate } from '../e2e/testing/traffic.ts';
import type { IngestEvent, LogEvent } from '../shared/contract/events.ts';
import { logEvent } from '../shared/contract/logEvent.ts';
import { DEFAULT_SETTINGS } from '../shared/contract/settings.ts';
import { evolve } from '../shared/live/evolve.ts';
import { compareOrder } from '../shared/live/order.ts';
import { pendingRefold, type RefoldRequest, refold } from '../shared/live/refold.ts';
import { createState, takeDirty } from '../shared/live/state.ts';
import { type Figure, report } from './report.ts';

/**
 * How many events a second one core folds [L5]: a day in order, the same day with 5 % of the events late, and the
 * baseline of merely walking the same objects (what parsing and reading them costs at the very least).
 */
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const DAY = Date.UTC(2026, 10, 23);
const PROMISED = 300_000;
const PAGE = 1_000;

const day: IngestEvent[] = traffic({
  seed: 1,
  calls: 100_000,
  agents: 2_000,
  queues: 40,
  startMs: DAY,
  endMs: DAY + 86_000_000,
});

/** As the feed would read it from the log. */
function logged(event: IngestEvent, index: number): LogEvent {
  const { kind, source, sourceKey, sourceOrder, occurredAt, ...rest } = event;
  // Which ids an event has depends on its kind; absent ones are nulls of the table.
  const { callId, queue, agent, ...body }: { callId?: string; queue?: string; agent?: string } & object =
    rest;
  const ids = { callId: callId ?? null, queue: queue ?? null, agent: agent ?? null };
  const place = { seq: index + 1, recordedAt: occurredAt };
  return logEvent({ kind, source, sourceKey, sourceOrder, occurredAt, ...ids, body, ...place });
}

/** This process's CPU time: what one core had to do, however many others wanted it meanwhile. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Events a second, the best of five: the first pays for compilation, others for what else the machine does. */
function best<E>(order: E[], work: (order: E[]) => number): number {
  const rates = [1, 2, 3, 4, 5].map(() => {
    collectGarbage(); // What the run before left is not this one's to pay for.
    return order.length / (work(order) / 1_000);
  });
  return Math.max(...rates);
}

/** Where to find an event's call and agent again: the log's indexes, so that looking up is not what is measured. */
class Log {
  private readonly byCall = new Map<string, LogEvent[]>();
  private readonly byAgent = new Map<string, LogEvent[]>();

  add(event: LogEvent): void {
    if ('callId' in event && event.callId) append(this.byCall, event.callId, event);
    if ('agent' in event && event.agent) append(this.byAgent, event.agent, event);
  }

  /** What `refold` asks of its shell: the stories of these calls and agents, and of every call those agents were in. */
  stories({ callIds, agentNames }: RefoldRequest): LogEvent[] {
    const calls = new Set(callIds);
    const found = new Set<LogEvent>();
    for (const agent of agentNames) {
      for (const event of this.byAgent.get(agent) ?? []) {
        found.add(event);
        if ('callId' in event && event.callId) calls.add(event.callId);
      }
    }
    for (const call of calls) for (const event of this.byCall.get(call) ?? []) found.add(event);
    return [...found].sort(compareOrder);
  }
}

function append(index: Map<string, LogEvent[]>, id: string, event: LogEvent): void {
  const events = index.get(id);
  if (events) events.push(event);
  else index.set(id, [event]);
}

let refolds = 0;

/** Milliseconds spent folding; the log's own bookkeeping is not counted. */
function fold(order: LogEvent[]): number {
  const state = createState({ dayStart: DAY, settings: DEFAULT_SETTINGS });
  const log = new Log();
  let spent = 0;
  for (let at = 0; at < order.length; at += PAGE) {
    const page = order.slice(at, at + PAGE);
    for (const event of page) log.add(event);
    let startedAt = cpuMs();
    for (const event of page) evolve(state, event);
    let wanted = pendingRefold(state);
    takeDirty(state); // As the broadcast does.
    spent += cpuMs() - startedAt;
    while (wanted !== null) {
      const stories = log.stories(wanted);
      startedAt = cpuMs();
      refold(state, stories);
      wanted = pendingRefold(state);
      spent += cpuMs() - startedAt;
      refolds++;
    }
  }
  return spent;
}

function walk(order: LogEvent[]): number {
  const startedAt = cpuMs();
  let sum = 0;
  for (const event of order) sum += event.occurredAt + event.kind.length + JSON.stringify(event).length;
  if (sum === 0) throw new Error('nothing was walked');
  return cpuMs() - startedAt;
}

const events = day.map(logged);
const walked = best(events, walk);
const inOrder = best(events, fold);
refolds = 0;
const late = best(withLate(day, 0.05, 200, 2).map(logged), fold);

const baseline = { what: 'JSON.stringify of each', value: walked };
const figures: Figure[] = [
  {
    what: `evolve, ${events.length} events in order`,
    value: inOrder,
    unit: 'events/s',
    baseline,
    promise: { text: `≥ ${PROMISED}`, kept: inOrder >= PROMISED },
  },
  {
    what: `evolve, 5 % late by up to 200 places (${refolds / 5} refolds)`,
    value: late,
    unit: 'events/s',
    baseline,
    promise: { text: `≥ ${PROMISED}`, kept: late >= PROMISED },
  },
];
report('Folding on one core', figures);
