import type { IngestEvent } from '../../../../shared/contract/events.ts';
import type { QueueMetrics, SectorMetrics, TotalMetrics } from '../../../../shared/contract/metrics.ts';
import {
  DEFAULT_SETTINGS,
  type LiveSettings,
  type QueueSettings,
} from '../../../../shared/contract/settings.ts';
import { evolve } from '../../../../shared/live/evolve.ts';
import { measure, measureTotal } from '../../../../shared/live/measure.ts';
import { createState } from '../../../../shared/live/state.ts';
import { type DemoDay, disturbancesOf, restartOf } from '../calendar.ts';
import { QUEUES, SECTORS } from '../centre.ts';
import { demoDayAt } from '../clock.ts';
import { tellDay } from '../day.ts';
import { type CountedVisit, countVisits, type Line } from './visits.ts';

/** Days of the demo as the wall would have shown them, and as they are counted by hand. */
export interface Told {
  day: DemoDay & { start: number };
  seed: string;
  events: IngestEvent[];
  visits: CountedVisit[];
  lines: Line[];
  /** A weekday without storm, outage or restart. */
  isPlain: boolean;
  /** The whole day, at its end. */
  today: { totals: TotalMetrics; sectors: SectorMetrics[]; queues: QueueMetrics[] };
  /** Totals of the last 15 minutes at each quarter of an hour from 00:15 to 24:00. */
  quarters: TotalMetrics[];
  /** Sectors and totals of the hour that ends at each hour named. */
  hours: Map<number, { totals: TotalMetrics; sectors: SectorMetrics[] }>;
}

const MINUTE_MS = 60_000;
const HOURS = [3, 10, 11, 12];

export const sectorOf = (queue: string): string =>
  QUEUES.find(({ name }) => name === queue)?.sector ?? 'unassigned';

const OF_TENANT: Omit<QueueSettings, 'name' | 'sectorId'> = {
  thresholdSeconds: null,
  shortAbandonSeconds: null,
  wrapUpSeconds: null,
  maxWaitSeconds: null,
  openingHours: null,
  targets: {},
};
const SETTINGS: LiveSettings = {
  ...DEFAULT_SETTINGS,
  sectors: new Map(SECTORS.map(({ id, name }) => [id, name])),
  queues: new Map(QUEUES.map(({ name, sector }) => [name, { ...OF_TENANT, name, sectorId: sector }])),
};

export function tellAndMeasure(seed: string, from: number, offset: number): Told {
  const day = demoDayAt(seed, 'UTC', from, offset);
  const events = tellDay(day);
  const state = createState({ dayStart: day.start, settings: SETTINGS });
  let next = 0;
  const foldUntil = (now: number): void => {
    for (let event = events[next]; event && event.occurredAt <= now; event = events[next]) {
      evolve(state, { ...event, seq: ++next, recordedAt: event.occurredAt });
    }
  };
  const quarters: TotalMetrics[] = [];
  const hours: Told['hours'] = new Map();
  for (let minute = 15; minute <= 24 * 60; minute += 15) {
    const now = day.start + minute * MINUTE_MS;
    foldUntil(now);
    quarters.push(measureTotal(state, SETTINGS, now, { window: 'last15' }));
    if (HOURS.includes(minute / 60))
      hours.set(minute / 60, measure(state, SETTINGS, now, { window: 'last60' }));
  }
  foldUntil(Number.POSITIVE_INFINITY);
  const last = day.start + 24 * 60 * MINUTE_MS - 1;
  return {
    day,
    seed,
    events,
    ...countVisits(events, sectorOf),
    isPlain: day.weekday <= 5 && disturbancesOf(day).length === 0 && restartOf(day) === null,
    today: measure(state, SETTINGS, last, { window: 'today' }),
    quarters,
    hours,
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** The value below which a share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
