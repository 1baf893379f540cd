import type { LegSums } from './agentSums.ts';
import { ratio } from './serviceLevel.ts';

/** What an agent had to do with calls, in numbers; means in ms, null where there was nothing to divide by [T4]. */
export interface LegMetrics {
  answered: number;
  handled: number;
  transferred: number;
  missedRings: number;
  outbound: number;
  /** Of the answered, calls of ours: outside waits [V11]. */
  callbackAnswered: number;
  asaMs: number | null;
  ahtMs: number | null;
  averageTalkMs: number | null;
  averageHoldMs: number | null;
  averageWrapUpMs: number | null;
  transferRate: number | null;
  /** Names of those above whose sample is smaller than the tenant's minimum. */
  lowSample: string[];
}

const OF_WAITED = ['asaMs'] as const;
const OF_ANSWERED = ['transferRate'] as const;
const OF_HANDLED = ['ahtMs', 'averageTalkMs', 'averageHoldMs', 'averageWrapUpMs'] as const;

export function legMetrics(sums: LegSums, minimumSample: number): LegMetrics {
  const { answered, handled, callbackAnswered } = sums;
  const waited = answered - callbackAnswered;
  const isSmall = (size: number) => size > 0 && size < minimumSample;
  return {
    answered,
    handled,
    transferred: sums.transferred,
    missedRings: sums.missedRings,
    outbound: sums.outbound,
    callbackAnswered,
    asaMs: ratio(sums.answeredWaitMs, waited),
    ahtMs: ratio(sums.talkMs + sums.holdMs + sums.wrapUpMs, handled),
    averageTalkMs: ratio(sums.talkMs, handled),
    averageHoldMs: sums.holdKnown > 0 ? ratio(sums.holdMs, handled) : null,
    averageWrapUpMs: ratio(sums.wrapUpMs, handled),
    transferRate: ratio(sums.transferred, answered),
    lowSample: [
      ...(isSmall(waited) ? OF_WAITED : []),
      ...(isSmall(answered) ? OF_ANSWERED : []),
      ...(isSmall(handled) ? OF_HANDLED : []),
    ],
  };
}

/** How many contacts a metric of an agent rests on; null where it is no ratio of them, and needs none. */
export function sampleOf(metric: string, { answered, handled, callbackAnswered }: LegMetrics): number | null {
  if (OF_WAITED.some((name) => name === metric)) return answered - callbackAnswered;
  if (OF_ANSWERED.some((name) => name === metric)) return answered;
  return OF_HANDLED.some((name) => name === metric) ? handled : null;
}
