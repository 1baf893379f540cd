/** What an estimate of the wait stands on [V9]. */
export interface WaitBasis {
  /** The caller's place: 1 is next. */
  position: number;
  available: number;
  /** Agents who may take the call, each divided by the number of its queues with callers waiting. */
  agents: number;
  ahtMs: number | null;
  /** Σ waits / abandons; null where nobody abandons. */
  patienceMs: number | null;
}

/**
 * Expected wait in ms of a caller with a − 1 others to be served before an agent comes free, some of whom will give
 * up: Σ k=0…a of 1 / (N/AHT + k/P) [V9]. 0 while an agent is free for him, null without agents or handle time.
 */
export function estimatedWaitMs(basis: WaitBasis): number | null {
  const ahead = basis.position - 1 - basis.available;
  if (ahead < 0) return 0;
  if (basis.agents <= 0 || basis.ahtMs === null || basis.ahtMs <= 0) return null;
  let wait = 0;
  for (let k = 0; k <= ahead; k++) {
    wait += 1 / (basis.agents / basis.ahtMs + (basis.patienceMs === null ? 0 : k / basis.patienceMs));
  }
  return Math.round(wait);
}
