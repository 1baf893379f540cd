import type { Trend } from '../../shared/contract/metrics.ts';
import { formatTime } from '../ui/format.ts';

/** One bar of the trend. */
export interface TrendStep {
  /** When it began, where the centre is. */
  time: string;
  offered: number;
  /** Null: not known, and not zero. */
  lastWeek: number | null;
  /** Still filling up. */
  isPartial: boolean;
}

/** The last step is under way until the next one begins, so it is always drawn as a part. */
export function stepsOf(trend: Trend, timeZone: string): TrendStep[] {
  const since = Date.parse(trend.since);
  return trend.offered.map((offered, step) => ({
    time: formatTime(since + step * trend.stepMs, timeZone),
    offered,
    lastWeek: trend.lastWeek?.offered[step] ?? null,
    isPartial: step === trend.offered.length - 1,
  }));
}

/** Three to five round ticks from zero to at least `highest`. */
export function ticksTo(highest: number): number[] {
  const rough = Math.max(1, highest) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10));
  const ticks = [0];
  for (let tick = step; ticks.length < 2 || tick < highest + step; tick += step) ticks.push(tick);
  return ticks;
}
