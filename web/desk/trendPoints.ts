import type { BucketRow } from '../../shared/contract/analytics.ts';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import { type DeskCalendar, dateAt } from './days.ts';
import { levelOf } from './measures.ts';
import { nameOfStep, titleOfStep } from './points.ts';
import type { Days } from './presets.ts';
import type { Spread } from './trendFold.ts';
import type { Point } from './trendLayout.ts';
import type { ChartMetric } from './view.ts';

/** What a chart draws, of what the server told. Pure. */

interface Drawn {
  point: Point;
  /** In full, as it is read out. */
  title: string;
  bucket: { start: string; end: string };
}

interface Of {
  days: Days;
  step: TimeGroup;
  metric: ChartMetric;
  calendar: DeskCalendar;
  targets: Targets | null;
  now: number;
}

/** Whether there is anything to compare with: where nobody called and nobody was there, counts are 0 and no figures. */
export function isCompared(rows: readonly Pick<BucketRow, 'previous'>[]): boolean {
  return rows.some(({ previous }) => previous && (previous.received > 0 || previous.signedInMs > 0));
}

export function pointsOf(rows: readonly BucketRow[], of: Of): Drawn[] {
  const { days, step, metric, calendar, targets, now } = of;
  const isOfDays = days.startDate !== days.endDate && (step === 'interval' || step === 'hour');
  const dates = isOfDays ? rows.map(({ start }) => dateAt(Date.parse(start), calendar)) : [];
  return rows.map((row, place) =>
    drawnAs(row, of, {
      value: Date.parse(row.start) > now ? null : row[metric],
      before: row.previous?.[metric] ?? null,
      isPartial: row.partial,
      level: levelOf(metric, row, targets),
      // Told from the step before it: a day need not start where an hour does.
      beginsDay: dates[place] !== dates[place - 1],
    }),
  );
}

export function pointsOfSpreads(spreads: readonly Spread<BucketRow>[], of: Of): Drawn[] {
  const { metric, targets } = of;
  return spreads.map((spread) => {
    const { least, middle, greatest, before, partial } = spread;
    return drawnAs(spread, of, {
      value: middle?.[metric] ?? null,
      spread: least === null || greatest === null ? null : [least, greatest],
      before,
      isPartial: partial,
      level: middle ? levelOf(metric, middle, targets) : 'calm',
    });
  });
}

function drawnAs(
  { start, end }: { start: string; end: string },
  { days, step, calendar }: Of,
  point: Omit<Point, 'key' | 'name'>,
): Drawn {
  const bucket = { start, end };
  const isOneDay = days.startDate === days.endDate;
  const isOneYear = days.startDate.slice(0, 4) === days.endDate.slice(0, 4);
  return {
    point: {
      ...point,
      key: start,
      name: nameOfStep(bucket, point.beginsDay ? 'day' : step, calendar, isOneYear ? 'axis' : 'axisOfYears'),
    },
    title: titleOfStep(bucket, step, calendar, isOneDay),
    bucket,
  };
}
