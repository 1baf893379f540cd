import type { Agent, Call, Dirty, Queue, Source } from './model.ts';

/**
 * Marks what changed, for `takeDirty`. Most events change what the event before changed too, so everything remembers
 * the sets that already name it: once they are taken, new ones are there and it is named again.
 */
interface Marking {
  dirty: Dirty;
}

export function markQueue({ dirty }: Marking, queue: Queue): void {
  if (queue.markedIn === dirty) return;
  queue.markedIn = dirty;
  dirty.queues.add(queue.id);
}

export function markCall({ dirty }: Marking, call: Call): void {
  if (call.markedIn === dirty) return;
  call.markedIn = dirty;
  dirty.calls.add(call.id);
}

/** Marks an agent under the name he is shown by, if there is one yet. */
export function markAgent({ dirty }: Marking, agent: Agent): void {
  if (agent.markedIn === dirty || agent.displayId === null) return;
  agent.markedIn = dirty;
  dirty.agents.add(agent.displayId);
}

export function markSource({ dirty }: Marking, source: Source): void {
  if (source.markedIn === dirty) return;
  source.markedIn = dirty;
  dirty.sources.add(source.id);
}
