import type { IngestEvent } from '../../shared/contract/events.ts';
import { randomFrom } from '../../shared/random.ts';

export interface Traffic {
  seed: number;
  calls: number;
  agents: number;
  queues: number;
  startMs: number;
  endMs: number;
  /** Distinguishes keys and ids of one stream from those of another. */
  prefix?: string;
}

/**
 * What the agents and callers of a made-up centre do between two instants, in the order it happened: sign-ins,
 * pauses, calls that are answered, held, transferred, missed, abandoned or leave otherwise.
 */
export function traffic(options: Traffic): IngestEvent[] {
  const { calls, agents, queues, startMs, endMs, prefix = 't' } = options;
  const random = randomFrom(options.seed);
  const integer = (below: number): number => Math.floor(random() * below);
  const events: IngestEvent[] = [];
  let order = 0;
  const common = (occurredAt: number) => ({
    source: prefix,
    sourceKey: `${prefix}-${order}`,
    sourceOrder: order++,
    occurredAt,
  });

  const freeAt = new Array<number>(agents).fill(startMs);
  for (let index = 0; index < agents; index++) {
    const agent = `${prefix}-agent-${index}`;
    events.push({ kind: 'agent.signed_in', agent, ...common(startMs) });
    events.push({
      kind: 'agent.joined',
      agent,
      queue: `${prefix}-queue-${index % queues}`,
      ...common(startMs),
    });
  }

  const span = endMs - startMs;
  for (let index = 0; index < calls; index++) {
    const callId = `${prefix}-call-${index}`;
    const chosen = integer(agents);
    const queue = `${prefix}-queue-${chosen % queues}`;
    const enteredAt = startMs + Math.floor((span * index) / calls);
    events.push({ kind: 'call.queued', callId, queue, origin: 'inbound', ...common(enteredAt) });
    const patience = 1_000 + integer(60_000);
    const agent = `${prefix}-agent-${chosen}`;
    const alertedAt = Math.max(enteredAt, freeAt[chosen] ?? startMs) + integer(3_000);
    if (alertedAt - enteredAt > patience) {
      const outcome = random() < 0.8 ? 'abandoned' : random() < 0.5 ? 'timed_out' : 'key_exit';
      events.push({ kind: 'call.left', callId, queue, outcome, ...common(enteredAt + patience) });
      continue;
    }
    events.push({ kind: 'call.alerted', callId, queue, agent, ...common(alertedAt) });
    if (random() < 0.05) {
      const missedAt = alertedAt + 15_000;
      events.push({
        kind: 'call.missed',
        callId,
        queue,
        agent,
        ringMs: 15_000,
        reason: 'no_answer',
        ...common(missedAt),
      });
      events.push({
        kind: 'call.left',
        callId,
        queue,
        outcome: 'abandoned',
        ...common(missedAt + integer(5_000)),
      });
      continue;
    }
    const answeredAt = alertedAt + 500 + integer(5_000);
    events.push({ kind: 'call.answered', callId, queue, agent, ...common(answeredAt) });
    const endedAt = answeredAt + 5_000 + integer(300_000);
    if (random() < 0.1) {
      const heldAt = answeredAt + 1_000;
      events.push({ kind: 'call.held', callId, agent, ...common(heldAt) });
      events.push({ kind: 'call.resumed', callId, agent, ...common(heldAt + integer(3_000)) });
    }
    if (random() < 0.05) {
      events.push({
        kind: 'call.transferred',
        callId,
        queue,
        agent,
        transferKind: 'blind',
        ...common(endedAt),
      });
    } else {
      events.push({
        kind: 'call.ended',
        callId,
        queue,
        agent,
        by: random() < 0.5 ? 'agent' : 'caller',
        ...common(endedAt),
      });
    }
    let freeFrom = endedAt;
    if (random() < 0.3) {
      freeFrom += integer(20_000);
      events.push({ kind: 'call.wrapped', callId, agent, ...common(freeFrom) });
    }
    if (random() < 0.05) {
      events.push({
        kind: 'agent.state_changed',
        agent,
        state: 'paused',
        reason: 'break',
        ...common(freeFrom + 1),
      });
      freeFrom += 60_000;
      events.push({ kind: 'agent.state_changed', agent, state: 'available', ...common(freeFrom) });
    }
    freeAt[chosen] = freeFrom + 2;
  }
  return events.filter((event) => event.occurredAt <= endMs).sort((a, b) => a.occurredAt - b.occurredAt);
}

/** Moves a share of the events up to `reach` places later: late arrivals, the same on every run of a seed. */
export function withLate<T>(events: T[], share: number, reach: number, seed: number): T[] {
  const random = randomFrom(seed);
  return events
    .map((event, index) => ({ event, place: index + (random() < share ? 1 + random() * reach : 0) }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}
