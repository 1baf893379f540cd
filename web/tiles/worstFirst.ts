import type { QueueMetrics } from '../../shared/contract/metrics.ts';
import { compareNames } from '../ui/format.ts';

/** Nobody waits, and it is closed, or nobody called and nobody serves it. */
export function isAsleep(queue: QueueMetrics): boolean {
  const isUnused = queue.offered === 0 && queue.agentsSignedIn === 0;
  return queue.waiting === 0 && (isUnused || queue.opening?.isOpen === false);
}

/**
 * Where help is needed comes first: callers over the threshold, then the longest wait, then the poorest service level.
 * Nothing in it moves with the clock alone, so rows stay where they are until something happens.
 */
export function worstFirst(queues: readonly QueueMetrics[]): QueueMetrics[] {
  return [...queues].sort(
    (a, b) =>
      Number(isAsleep(a)) - Number(isAsleep(b)) ||
      b.waitingOverThreshold - a.waitingOverThreshold ||
      sinceOf(a) - sinceOf(b) ||
      (a.serviceLevel ?? 2) - (b.serviceLevel ?? 2) ||
      compareNames(a.name, b.name),
  );
}

function sinceOf({ longestWaitSince }: QueueMetrics): number {
  return longestWaitSince === null ? Number.MAX_SAFE_INTEGER : Date.parse(longestWaitSince);
}
