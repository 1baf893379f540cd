import type { PerformanceMetrics } from '../../shared/contract/analytics.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import type { Level } from '../board/TileFrame.tsx';
import { levelOfLimit, levelOfTarget } from '../tiles/levels.ts';
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatHours,
  formatPercent,
  NONE,
} from '../ui/format.ts';

/** How a number is written, and how two of its kind differ. Names and meanings: `desk.metric` and `desk.meaning` in en.json. */
export type Kind = 'count' | 'percent' | 'target' | 'duration' | 'hours' | 'decimal' | 'signed';

const KINDS: Record<string, Kind> = {
  serviceLevel: 'percent',
  abandonmentRate: 'percent',
  completionRate: 'percent',
  completionBefore: 'percent',
  transferRate: 'percent',
  shortTalkRate: 'percent',
  abandonedReturnRate: 'percent',
  share: 'percent',
  onTargetShare: 'percent',
  target: 'target',
  occupancy: 'percent',
  utilisation: 'percent',
  signedIn: 'decimal',
  qualityScore: 'decimal',
  medianScore: 'decimal',
  calibration: 'decimal',
  leniency: 'signed',
  passRate: 'percent',
  coverage: 'percent',
  criterionShare: 'percent',
  // Sums of many people's time.
  signedInMs: 'hours',
  availableMs: 'hours',
  closedMs: 'hours',
  ringingMs: 'hours',
  talkMs: 'hours',
  holdMs: 'hours',
  wrapUpMs: 'hours',
  pausedMs: 'hours',
  outboundMs: 'hours',
};

const HOUR_MS = 3_600_000;

export function kindOfMetric(metric: string): Kind {
  return KINDS[metric] ?? (metric.endsWith('Ms') ? 'duration' : 'count');
}

/** As a person reads it; ratios with a decimal. */
export function written(value: number | null | undefined, kind: Kind): string {
  if (value === null || value === undefined) return NONE;
  switch (kind) {
    case 'count':
      return formatCount(value);
    case 'percent':
      return formatPercent(value, 1);
    // As somebody wrote it: 80 %, 82.5 %.
    case 'target':
      return formatPercent(value, Math.abs(value * 100 - Math.round(value * 100)) < 1e-9 ? 0 : 1);
    case 'duration':
      return formatDuration(value);
    case 'hours':
      return formatHours(value / HOUR_MS);
    case 'decimal':
      return formatDecimal(value);
    case 'signed':
      return formatDecimal(value, 'exceptZero');
  }
}

const FACTORS: Partial<Record<Kind, number>> = {
  percent: 100,
  target: 100,
  duration: 0.001,
  hours: 1 / HOUR_MS,
};

/** As a spreadsheet reads it: ratios as percent, durations in seconds, sums of time in hours. */
export function calculable(value: number | null | undefined, kind: Kind): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '';
  const factor = FACTORS[kind] ?? 1;
  return String(Math.round(value * factor * 1_000) / 1_000);
}

type Words = readonly [more: string, less: string];

/** What a change is called: of more and of less. Other counts are more or fewer, and what is no count rises and falls. */
const WORDS: Record<string, Words> = {
  serviceLevel: ['better', 'worse'],
  asaMs: ['slower', 'faster'],
  ahtMs: ['longer', 'shorter'],
  calibration: ['further', 'closer'],
};

/** The difference to another period, `null` where there is none to tell: counts in percent, ratios in points. */
export function changeOf(
  metric: string,
  now: number | null | undefined,
  before: number | null | undefined,
): { amount: string; word: string } | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  const kind = kindOfMetric(metric);
  if (kind === 'count' && before === 0) return null;
  const usual: Words = kind === 'count' ? ['more', 'fewer'] : ['higher', 'lower'];
  const [more, less] = WORDS[metric] ?? usual;
  const word = now > before ? more : less;
  const by = Math.abs(now - before);
  const amount =
    kind === 'count'
      ? formatPercent(by / before)
      : kind === 'percent'
        ? formatDecimal(by * 100)
        : kind === 'duration'
          ? formatDuration(by)
          : formatDecimal(by);
  const isNothing = /^[0.,:%\s]*$/.test(amount);
  return { amount, word: isNothing ? 'same' : kind === 'percent' ? `${word}Points` : word };
}

/** What is wanted of a metric, as somebody wrote it: 80 %, 82.5 %, 0:20. */
export function writtenTarget(metric: string, target: number | null): string {
  const kind = kindOfMetric(metric);
  return written(target, kind === 'percent' ? 'target' : kind);
}

/** Whether a figure keeps to what is wanted of it. */
export function levelOf(metric: string, row: PerformanceMetrics, targets: Targets | null): Level {
  if (targets === null) return 'calm';
  const isLow = row.lowSample.includes(metric);
  switch (metric) {
    case 'serviceLevel':
      return levelOfTarget(row.serviceLevel, targets.serviceLevel, targets.serviceLevelCritical, isLow);
    case 'abandonmentRate':
    case 'abandoned':
      return levelOfRate(row, targets);
    case 'asaMs':
      return levelOfLimit(row.asaMs, targets.asaMs, isLow);
    case 'ahtMs':
      return levelOfLimit(row.ahtMs, targets.ahtMs, isLow);
    case 'occupancy':
      return levelOfLimit(row.occupancy, targets.occupancy, isLow);
    case 'completionRate':
      return targets.completionRate === null
        ? 'calm'
        : levelOfTarget(row.completionRate, targets.completionRate, 0, isLow);
    default:
      return 'calm';
  }
}

function levelOfRate({ abandonmentRate, lowSample }: PerformanceMetrics, targets: Targets): Level {
  const isLow = lowSample.includes('abandonmentRate');
  const level = levelOfLimit(abandonmentRate, targets.abandonmentRate, isLow);
  return level === 'warning' && (abandonmentRate ?? 0) > targets.abandonmentCritical ? 'critical' : level;
}

/** What is wanted of a metric, in its own kind; null where nothing is. */
export function targetOf(metric: string, targets: Targets | null): number | null {
  if (targets === null) return null;
  switch (metric) {
    case 'serviceLevel':
      return targets.serviceLevel;
    case 'abandonmentRate':
      return targets.abandonmentRate;
    case 'asaMs':
      return targets.asaMs;
    case 'ahtMs':
      return targets.ahtMs;
    case 'occupancy':
      return targets.occupancy;
    case 'completionRate':
      return targets.completionRate;
    default:
      return null;
  }
}

/** How many of the steps with calls enough to tell kept the service level, of how many. */
export function stepsOnTarget(
  rows: readonly PerformanceMetrics[],
  targets: Targets | null,
): { kept: number; told: number } {
  const levels = rows.map((row) => levelOf('serviceLevel', row, targets)).filter((level) => level !== 'calm');
  return { kept: levels.filter((level) => level === 'good').length, told: levels.length };
}

const NICE_S = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 18_000, 36_000, 86_400];

/** Ticks of an axis of durations, in ms: three to five round ones. */
export function durationTicks(highestMs: number): number[] {
  const step = (NICE_S.find((seconds) => seconds * 4_000 >= highestMs) ?? 172_800) * 1_000;
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < highestMs || ticks.length < 3) ticks.push(ticks.length * step);
  return ticks;
}
