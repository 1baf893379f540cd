import { ratio } from './serviceLevel.ts';
import type { TimeSums } from './timeSums.ts';

/** How agents spent a range of time: each state in ms, and the two ratios of them [A2][A3]. */
export interface TimeMetrics {
  signedInMs: number;
  /** Closed included. */
  availableMs: number;
  /** Available while all queues served were closed: in neither ratio [T8]. */
  closedMs: number;
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
  const reachable = work + sums.ringingMs + sums.availableMs - sums.closedMs;
  const present = reachable + sums.pausedMs;
  return {
    signedInMs: present + sums.closedMs,
    availableMs: sums.availableMs,
    closedMs: sums.closedMs,
    ringingMs: sums.ringingMs,
    talkMs: sums.talkingMs,
    holdMs: sums.holdMs,
    wrapUpMs: sums.wrapUpMs,
    pausedMs: sums.pausedMs,
    outboundMs: sums.outboundMs,
    occupancy: ratio(work, reachable),
    utilisation: ratio(work, present),
  };
}
