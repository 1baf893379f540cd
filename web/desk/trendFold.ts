import type { BucketRow } from '../../shared/contract/analytics.ts';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { type DeskCalendar, dateAt, monthStart, weekStartOf } from './days.ts';
import { busyPart } from './points.ts';
import type { ChartMetric } from './view.ts';

/**
 * More steps than a chart has room for, told together: of each day (week, month) the lowest, the middle and the highest. A line
 * through every one of them is a smear from top to bottom. Pure.
 */

/** In rem: a step needs so much to be told from the next, and to be pressed. */
const NARROWEST = { step: 0.16, group: 0.5 };

const COARSER: Partial<Record<TimeGroup, readonly TimeGroup[]>> = {
  interval: ['day', 'week', 'month'],
  hour: ['day', 'week', 'month'],
  day: ['week', 'month'],
  week: ['month'],
};
const DAYS: Partial<Record<TimeGroup, number>> = {
  interval: 1 / 96,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
};

/** What so many steps are told together by in a chart of some width, in rem; null where each has room of its own. */
export function foldOf(step: TimeGroup, count: number, width: number): TimeGroup | null {
  if (count * NARROWEST.step <= width) return null;
  const days = count * (DAYS[step] ?? 1);
  const coarser = COARSER[step] ?? [];
  return (
    coarser.find((one) => (days / (DAYS[one] ?? 1)) * NARROWEST.group <= width) ?? coarser.at(-1) ?? null
  );
}

type Figures = Pick<BucketRow, 'received' | ChartMetric>;
type Step = Figures &
  Pick<BucketRow, 'start' | 'end' | 'partial' | 'lowSample' | 'signedInMs'> & {
    previous?: Figures | null | undefined;
  };

/** Steps in one: instants in ISO 8601. `middle` is a step that there is; null where none has a figure. */
export interface Spread<S> {
  start: string;
  end: string;
  least: number | null;
  middle: S | null;
  greatest: number | null;
  /** The middle of what it is compared with. */
  before: number | null;
  partial: boolean;
}

/**
 * Steps with too few calls to tell are passed over where others of the same day can: one call at night is a service level of 0 or
 * 100 %. So are, of a day by quarters of an hour, those before its first and after its last call.
 */
export function spreadsOf<S extends Step>(
  rows: readonly S[],
  metric: ChartMetric,
  { step, fold, calendar, now }: { step: TimeGroup; fold: TimeGroup; calendar: DeskCalendar; now: number },
): Spread<S>[] {
  const groups = new Map<string, S[]>();
  for (const row of rows) {
    const key = groupOf(dateAt(Date.parse(row.start), calendar), fold, calendar);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group) => spreadOf(group, metric, { step, isDay: fold === 'day', now }));
}

function groupOf(date: string, fold: TimeGroup, { weekStart }: DeskCalendar): string {
  if (fold === 'month') return monthStart(date);
  return fold === 'week' ? weekStartOf(date, weekStart) : date;
}

function spreadOf<S extends Step>(
  group: readonly S[],
  metric: ChartMetric,
  { step, isDay, now }: { step: TimeGroup; isDay: boolean; now: number },
): Spread<S> {
  const known = busyPart(group, step, isDay).filter(
    (row) => row[metric] !== null && Date.parse(row.start) <= now,
  );
  const telling = known.filter(({ lowSample }) => !lowSample.includes(metric));
  const sorted = (telling.length > 0 ? telling : known).toSorted(
    (a, b) => (a[metric] ?? 0) - (b[metric] ?? 0),
  );
  const before = busyPart(group, step, isDay)
    .flatMap(({ previous }) => previous?.[metric] ?? [])
    .toSorted((a, b) => a - b);
  return {
    start: group[0]?.start ?? '',
    end: group.at(-1)?.end ?? '',
    least: sorted[0]?.[metric] ?? null,
    middle: middleOf(sorted),
    greatest: sorted.at(-1)?.[metric] ?? null,
    before: middleOf(before),
    partial: group.some(({ partial }) => partial),
  };
}

/** Of two in the middle the lower one: it is a step that can be looked at, and a mean of two is none. */
function middleOf<T>(sorted: readonly T[]): T | null {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
