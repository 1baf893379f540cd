import type { DashboardAnswer, TargetVerdict } from '../../../shared/contract/dashboard.ts';
import type { Level } from '../../board/TileFrame.tsx';
import type { Days } from '../presets.ts';
import { addressOf, type ChartMetric, DEFAULT_VIEW, type View } from '../view.ts';

/** The stretches of time of the front page, and where their figures lead. Pure. */

export type PeriodName = keyof DashboardAnswer['data']['periods'];
export const PERIODS = [
  'today',
  'yesterday',
  'last7Days',
  'last30Days',
] as const satisfies readonly PeriodName[];

/** What each of them says below its service level, and as which chart that is looked into. */
export const FIGURES = [
  ['offered', 'offered'],
  ['answered', 'answered'],
  ['abandonmentRate', 'abandoned'],
  ['asaMs', 'asaMs'],
  ['ahtMs', 'ahtMs'],
  ['occupancy', 'occupancy'],
] as const satisfies readonly (readonly [string, ChartMetric])[];

/** The performance page of some days; today and yesterday by name, so that a link kept goes on meaning them. */
export function lookInto({ startDate, endDate }: Days, of: Partial<View> = {}, name?: PeriodName): string {
  const range = name === 'today' || name === 'yesterday' ? name : { startDate, endDate };
  return addressOf({ ...DEFAULT_VIEW, range, ...of });
}

/** How a figure stands to what is wanted of it; calm where too few calls tell [T4], or nothing is wanted. */
export function levelIn(
  { verdicts, lowSample }: { verdicts: readonly TargetVerdict[]; lowSample?: readonly string[] },
  metric: string,
): Level {
  if (lowSample?.includes(metric)) return 'calm';
  const verdict = verdicts.find((one) => one.metric === metric)?.verdict;
  return verdict === 'missed' ? 'warning' : (verdict ?? 'calm');
}

/** What is wanted of it, null where nothing is. */
export function targetIn(verdicts: readonly TargetVerdict[], metric: string): number | null {
  return verdicts.find((one) => one.metric === metric)?.target ?? null;
}
