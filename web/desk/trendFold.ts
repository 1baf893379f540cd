import type { BucketRow } from '../../shared/contract/analytics.ts';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import { type DeskCalendar, dateAt, dayEndOf, monthStart, weekStartOf } from './days.ts';
import { kindOfMetric } from './measures.ts';
import { busyPart, isBusy } from './points.ts';
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

type Figures = Pick<BucketRow, 'received' | 'lowSample' | ChartMetric>;
type Step = Figures &
  Pick<BucketRow, 'start' | 'end' | 'partial' | 'signedInMs'> & {
    previous?: Figures | null | undefined;
  };

/** Steps in one: instants in ISO 8601. `middle` is a step that there is; null where none has a figure. */
export interface Spread<S> {
  start: string;
  end: string;
  least: number | null;
  middle: S | null;
  greatest: number | null;
  /** The middle of what the same steps are compared with: those that have begun, or all where none has. */
  before: number | null;
  partial: boolean;
}

/**
 * Steps with too few calls to tell are passed over where others of the same group can: one call at night is a service level of 0
 * or 100 %. So are, of steps shorter than a day, those before the first and after the last call of each day, and days without any.
 */
export function spreadsOf<S extends Step>(
  rows: readonly S[],
  metric: ChartMetric,
  { step, fold, calendar, now }: { step: TimeGroup; fold: TimeGroup; calendar: DeskCalendar; now: number },
): Spread<S>[] {
  const days = grouped(rows, ({ start }) => dateAt(Date.parse(start), calendar));
  const groups = grouped([...days], ([date]) => groupOf(date, fold, calendar));
  return [...groups.values()].map((group) =>
    spreadOf(
      group.map(([, day]) => day),
      metric,
      { step, calendar, now },
    ),
  );
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function groupOf(date: string, fold: TimeGroup, { weekStart }: DeskCalendar): string {
  if (fold === 'month') return monthStart(date);
  return fold === 'week' ? weekStartOf(date, weekStart) : date;
}

function spreadOf<S extends Step>(
  days: readonly (readonly S[])[],
  metric: ChartMetric,
  { step, calendar, now }: { step: TimeGroup; calendar: DeskCalendar; now: number },
): Spread<S> {
  const isShort = step === 'interval' || step === 'hour';
  const all = days.flat();
  const steps = isShort ? openPart(days, step) : all;
  const told = toldOf(steps, metric, now);
  const sorted = sortedBy(metric, told);
  // What is still to come has the line that it will be held against, as single steps have.
  const before = sortedBy(
    metric,
    (told.length > 0 ? told : steps).flatMap(({ previous }) => previous ?? []),
  );
  const last = all.at(-1);
  return {
    start: all[0]?.start ?? '',
    end: last === undefined ? '' : isShort ? endWithinDay(last, calendar) : last.end,
    least: sorted[0]?.[metric] ?? null,
    middle: middleOf(sorted),
    greatest: sorted.at(-1)?.[metric] ?? null,
    before: middleOf(before)?.[metric] ?? null,
    partial: all.some(({ partial }) => partial),
  };
}

/** Where nothing happened on any of the days, all of them. */
function openPart<S extends Step>(days: readonly (readonly S[])[], step: TimeGroup): S[] {
  const open = days.filter((day) => day.some(isBusy));
  return (open.length > 0 ? open : days).flatMap((day) => busyPart(day, step, true));
}

/** What has begun; of counts what is over, where anything is: those of an hour still running are the fewest for no other reason. */
function toldOf<S extends Step>(rows: readonly S[], metric: ChartMetric, now: number): readonly S[] {
  const begun = rows.filter(({ start }) => Date.parse(start) <= now);
  if (kindOfMetric(metric) !== 'count') return begun;
  const over = begun.filter(({ end }) => Date.parse(end) <= now);
  return over.length > 0 ? over : begun;
}

function sortedBy<F extends Figures>(metric: ChartMetric, rows: readonly F[]): F[] {
  const known = rows.filter((row) => row[metric] !== null);
  const telling = known.filter(({ lowSample }) => !lowSample.includes(metric));
  return (telling.length > 0 ? telling : known).toSorted((a, b) => (a[metric] ?? 0) - (b[metric] ?? 0));
}

/** Hours follow the clock: where a day starts within one, that one reaches into the next day, and what is told of its day does not. */
function endWithinDay({ start, end }: Step, calendar: DeskCalendar): string {
  return new Date(Math.min(Date.parse(end), dayEndOf(Date.parse(start), calendar))).toISOString();
}

/** Of two in the middle the lower one: it is a step that can be looked at, and a mean of two is none. */
function middleOf<T>(sorted: readonly T[]): T | null {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
