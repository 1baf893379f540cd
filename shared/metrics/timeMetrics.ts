import { ratio } from './serviceLevel.ts';
import type { TimeSums } from './timeSums.ts';

/** How agents spent a range of time: each state in ms, and the two ratios of them [A2][A3]. */
export interface TimeMetrics {
  signedInMs: number;
  availableMs: number;
  ringingMs: number;
  /** Outbound included. */
  talkMs: number;
  holdMs: number;
  wrapUpMs: number;
  pausedMs: number;
  outboundMs: number;
  occupancy: number | null;
  utilisation: number | null;
}

export function timeMetrics(sums: TimeSums): TimeMetrics {
  const work = sums.talkingMs + sums.holdMs + sums.wrapUpMs;
  const reachable = work + sums.ringingMs + sums.availableMs;
  const signedInMs = reachable + sums.pausedMs;
  return {
    signedInMs,
    availableMs: sums.availableMs,
    ringingMs: sums.ringingMs,
    talkMs: sums.talkingMs,
    holdMs: sums.holdMs,
    wrapUpMs: sums.wrapUpMs,
    pausedMs: sums.pausedMs,
    outboundMs: sums.outboundMs,
    occupancy: ratio(work, reachable),
    utilisation: ratio(work, signedInMs),
  };
}
