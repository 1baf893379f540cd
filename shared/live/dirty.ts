import type { Agent, Call, Dirty, Queue, Source } from './model.ts';

/**
 * Marks what changed, for `takeDirty`. Most events change what the event before changed too, so everything remembers
 * the round in which it was last named: once the sets are taken, another begins and it is named again.
 */
interface Marking {
  dirty: Dirty;
  round: number;
}

/** The round of what has not been named yet: the first is 1. */
export const UNMARKED = 0;

export function markQueue({ dirty, round }: Marking, queue: Queue): void {
  if (queue.markedIn === round) return;
  queue.markedIn = round;
  dirty.queues.add(queue.id);
}

export function markCall({ dirty, round }: Marking, call: Call): void {
  if (call.markedIn === round) return;
  call.markedIn = round;
  dirty.calls.add(call.id);
}

/** Marks an agent under the name he is shown by, if there is one yet. */
export function markAgent({ dirty, round }: Marking, agent: Agent): void {
  if (agent.markedIn === round || agent.displayId === null) return;
  agent.markedIn = round;
  dirty.agents.add(agent.displayId);
}

export function markSource({ dirty, round }: Marking, source: Source): void {
  if (source.markedIn === round) return;
  source.markedIn = round;
  dirty.sources.add(source.id);
}
