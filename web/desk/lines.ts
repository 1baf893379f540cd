import type { AgentLine, TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { lengthOf } from './days.ts';
import { kindOfMetric } from './measures.ts';
import type { Days } from './presets.ts';
import type { ChartMetric, View } from './view.ts';

/** What the small lines of a list of agents are of. Pure. */

/** As the server steps them (server/analytics/performance/agentLines.ts). */
const POINTS = 31;
const WEEK_DAYS = 7;

/** Of the figure looked at above the list, where agents have that; else what they handled. */
const OF_CHART: Partial<Record<ChartMetric, AgentLine>> = {
  answered: 'answered',
  asaMs: 'asaMs',
  ahtMs: 'ahtMs',
  occupancy: 'occupancy',
};

/** Null: a single day has no line. */
export function linesOf(
  { metric }: Pick<View, 'metric'>,
  { startDate, endDate }: Days,
): { metric: AgentLine; step: Extract<TimeGroup, 'day' | 'week' | 'month'> } | null {
  const length = lengthOf(startDate, endDate);
  if (length < 2) return null;
  const step = length <= POINTS ? 'day' : length <= POINTS * WEEK_DAYS ? 'week' : 'month';
  return { metric: OF_CHART[metric] ?? 'handled', step };
}

/** Between which values all the lines are drawn, so that they can be held against each other. Counts and shares begin at zero. */
export function boundsOf(
  lines: readonly (readonly (number | null)[])[],
  metric: AgentLine,
): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const line of lines) {
    for (const value of line) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low: kindOfMetric(metric) === 'duration' && low < high ? low : 0, high: high || 1 };
}
