import { QUEUES } from '../centre.ts';
import { deviation, mean, quantile, sectorOf, type Told } from './days.ts';
import { patienceAt, queued } from './patience.ts';
import type { CountedVisit } from './visits.ts';

/** A figure of plain weekdays, and the range somebody who runs such a centre believes. */
export type Figure = readonly [
  what: string,
  of: (days: readonly Told[]) => number,
  low: number,
  high: number,
];

type Totals = Told['today']['totals'];

const perDay =
  (value: (totals: Totals) => number | null) =>
  (days: readonly Told[]): number =>
    mean(days.map(({ today }) => value(today.totals) ?? 0));

const ofQueue =
  (queue: string, value: (metrics: Told['today']['queues'][number]) => number) =>
  (days: readonly Told[]): number =>
    mean(days.flatMap(({ today }) => today.queues.filter(({ queueId }) => queueId === queue).map(value)));

/** Over the hours before 11:00 and 12:00, the busiest. */
const atPeak =
  (sector: string | null) =>
  (days: readonly Told[]): number =>
    mean(
      days.flatMap(({ hours }) =>
        [11, 12].map((hour) => {
          const hourly = hours.get(hour);
          const found = sector === null ? hourly?.totals : hourly?.sectors.find((s) => s.sectorId === sector);
          return found?.occupancy ?? Number.NaN;
        }),
      ),
    );

const answeredOf = (days: readonly Told[], fits: (visit: CountedVisit) => boolean = () => true) =>
  days.flatMap(({ visits }) => visits.filter((visit) => visit.outcome === 'answered' && fits(visit)));

const handleSeconds = ({ talkMs, holdMs, wrapUpMs }: CountedVisit): number =>
  (talkMs + holdMs + wrapUpMs) / 1_000;

const share = <T>(items: readonly T[], fits: (item: T) => boolean): number =>
  items.filter(fits).length / items.length;

/** Totals of the quarter that ends at a minute of the day. */
const quarterAt = (day: Told, minute: number): Totals | undefined => day.quarters[minute / 15 - 1];

/** People signed in and not on a break. */
const onQueue = (totals: Totals | undefined): number =>
  totals === undefined ? Number.NaN : totals.agentsSignedIn - totals.agentsPaused;

const at =
  (minute: number, value: (totals: Totals) => number) =>
  (days: readonly Told[]): number =>
    mean(days.flatMap((day) => quarterAt(day, minute) ?? []).map(value));

const handling = ({ agentsOnCall, agentsWrapUp, agentsRinging }: Totals): number =>
  agentsOnCall + agentsWrapUp + agentsRinging;

const officeQuarters = (days: readonly Told[]): Totals[] =>
  days.flatMap(({ quarters }) => quarters.slice(8 * 4, 20 * 4));

const levels = (days: readonly Told[]): number[] =>
  officeQuarters(days).flatMap(({ serviceLevel }) => serviceLevel ?? []);

const holds = (days: readonly Told[]): number[] =>
  answeredOf(days).flatMap(({ holdMs }) => (holdMs > 0 ? holdMs / 1_000 : []));

const told = (days: readonly Told[], kind: string): number =>
  days.reduce((sum, { events }) => sum + events.filter((event) => event.kind === kind).length, 0);

const ringSeconds = (days: readonly Told[]): number[] =>
  days.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === 'call.answered' ? (event.ringMs ?? 0) / 1_000 : [])),
  );

/** Of all time talked by people of a sector, that on calls they made themselves. */
const outboundShare =
  (...sectors: string[]) =>
  (days: readonly Told[]): number => {
    let [out, inbound] = [0, 0];
    for (const { events, visits } of days) {
      const sectorOfAgent = new Map(visits.map(({ agent, queue }) => [agent, sectorOf(queue)]));
      for (const event of events) {
        if (event.kind !== 'call.outbound' || !sectors.includes(sectorOfAgent.get(event.agent ?? '') ?? ''))
          continue;
        out += event.talkMs ?? 0;
      }
      for (const visit of visits)
        if (sectors.includes(sectorOf(visit.queue))) inbound += visit.talkMs + visit.holdMs;
    }
    return out / (out + inbound);
  };

const SCHEDULED_ON_QUEUE = [21, 32, 33, 32, 31, 30, 30, 29, 26, 23, 20, 16];

/** Weekdays on which nothing out of the ordinary happens, on average over many of them. */
export const PLAIN_DAYS: readonly Figure[] = [
  ['calls offered', perDay(({ offered }) => offered), 2_270, 2_430],
  ...QUEUES.map(
    ({ name, perDay: target }): Figure => [
      `calls offered to ${name}`,
      ofQueue(name, ({ offered }) => offered),
      target * 0.94,
      target * 1.06,
    ],
  ),
  ...QUEUES.map(
    ({ name, handleSeconds: target }): Figure => [
      `handle time of ${name}, s`,
      (days) => mean(answeredOf(days, ({ queue }) => queue === name).map(handleSeconds)),
      target * 0.94,
      target * 1.06,
    ],
  ),
  ...QUEUES.map(
    ({ name }): Figure => [
      `how far handle times of ${name} stray, of their mean`,
      (days) => {
        const times = answeredOf(days, ({ queue }) => queue === name).map(handleSeconds);
        return deviation(times) / mean(times);
      },
      0.78,
      0.98,
    ],
  ),
  [
    'calls under 10 s',
    (days) => share(answeredOf(days), (visit) => handleSeconds(visit) <= 10),
    0.015,
    0.025,
  ],
  ...[['service', 30] as const, ['sales', 50] as const, ['technical', 60] as const].map(
    ([sector, target]): Figure => [
      `wrap-up of ${sector}, s`,
      (days) =>
        mean(answeredOf(days, ({ queue }) => sectorOf(queue) === sector).map((v) => v.wrapUpMs / 1_000)),
      target * 0.93,
      target * 1.07,
    ],
  ),
  ['longest wrap-up, s', (days) => Math.max(...answeredOf(days).map((v) => v.wrapUpMs / 1_000)), 100, 120],
  ['calls held', (days) => told(days, 'call.held') / answeredOf(days).length, 0.2, 0.24],
  ['hold, s', (days) => mean(holds(days)), 50, 60],
  ['shortest ring that is answered, s', (days) => Math.min(...ringSeconds(days)), 2, 2.2],
  ['longest ring that is answered, s', (days) => Math.max(...ringSeconds(days)), 8.8, 9],
  [
    'queued callers gone within 5 s',
    (days) => share(queued(days), (q) => q.isGone && q.waitMs <= 5_000),
    0.03,
    0.05,
  ],
  // Weibull, shape 1.2, mean 240 s: exp(−(t/255)^1.2).
  ['patience beyond 1 min', patienceAt(60), 0.8, 0.88],
  ['patience beyond 2 min', patienceAt(120), 0.61, 0.73],
  ['patience beyond 3 min', patienceAt(180), 0.44, 0.6],
  ...SCHEDULED_ON_QUEUE.map(
    (target, place): Figure => [
      `people on queue after ${8 + place}:00`,
      (days) =>
        mean(days.flatMap((day) => [15, 30, 45].map((m) => onQueue(quarterAt(day, (8 + place) * 60 + m))))),
      target - 1.5,
      target + 1.5,
    ],
  ),
  ...[['service', 15] as const, ['sales', 8] as const, ['technical', 10] as const].map(
    ([sector, target]): Figure => [
      `people on queue at 10:00, ${sector}`,
      (days) =>
        mean(days.map(({ hours }) => onQueue(hours.get(10)?.sectors.find((s) => s.sectorId === sector)))),
      target - 1,
      target + 1,
    ],
  ),
  ['people on queue at night', at(2 * 60, onQueue), 2, 2],
  ['signed in at 11:00', at(11 * 60, ({ agentsSignedIn }) => agentsSignedIn), 38, 40],
  [
    'calls in the hour around 11:00',
    (days) =>
      mean(days.map((d) => [645, 660, 675, 690].reduce((n, m) => n + (quarterAt(d, m)?.offered ?? 0), 0))),
    225,
    250,
  ],
  ['waiting at 11:00', at(11 * 60, ({ waiting }) => waiting), 0, 4],
  ['handling at 11:00', at(11 * 60, handling), 23, 26],
  ['available at 11:00', at(11 * 60, ({ agentsAvailable }) => agentsAvailable), 6, 8.5],
  ['paused at 11:00', at(11 * 60, ({ agentsPaused }) => agentsPaused), 5, 7],
  [
    'longest waiting at 11:00, s',
    (days) =>
      mean(
        days.map(({ day, lines }) => {
          const now = day.instant(11 * 60);
          const line = lines.findLast((one) => one.at <= now);
          return line?.since ? (now - line.since) / 1_000 : 0;
        }),
      ),
    0,
    90,
  ],
  ['service level in 20 s', perDay(({ serviceLevel }) => serviceLevel), 0.8, 0.84],
  ['service level of a quarter of an hour, median', (days) => quantile(levels(days), 0.5), 0.83, 0.89],
  [
    'service level of a quarter of an hour, 5th percentile',
    (days) => quantile(levels(days), 0.05),
    0.48,
    0.62,
  ],
  ['service level of a quarter of an hour, 95th percentile', (days) => quantile(levels(days), 0.95), 1, 1],
  ['average speed of answer, s', perDay(({ asaMs }) => (asaMs ?? 0) / 1_000), 13, 18],
  ['90th percentile of waits, s', perDay(({ waitP90Ms }) => (waitP90Ms ?? 0) / 1_000), 25, 55],
  [
    'longest wait of a quarter of an hour, median, s',
    (days) =>
      quantile(
        officeQuarters(days).map(({ maxWaitMs }) => (maxWaitMs ?? 0) / 1_000),
        0.5,
      ),
    80,
    110,
  ],
  [
    'longest wait of a quarter of an hour, 90th percentile, s',
    (days) =>
      quantile(
        officeQuarters(days).map(({ maxWaitMs }) => (maxWaitMs ?? 0) / 1_000),
        0.9,
      ),
    160,
    220,
  ],
  ['abandonment', perDay(({ abandonmentRate }) => abandonmentRate), 0.025, 0.05],
  ['short abandons', perDay(({ shortAbandoned, offered }) => shortAbandoned / offered), 0.008, 0.015],
  [
    'average wait before abandoning, s',
    perDay(({ averageAbandonMs }) => (averageAbandonMs ?? 0) / 1_000),
    30,
    60,
  ],
  ['occupancy at peak, Service', atPeak('service'), 0.74, 0.8],
  ['occupancy at peak, Sales', atPeak('sales'), 0.63, 0.69],
  ['occupancy at peak, Technical', atPeak('technical'), 0.68, 0.73],
  ['occupancy at peak', atPeak(null), 0.7, 0.77],
  [
    'calls in the hour before 03:00',
    (d) => mean(d.map(({ hours }) => hours.get(3)?.totals.offered ?? 0)),
    3,
    6,
  ],
  ['signed in at 03:00', at(3 * 60, ({ agentsSignedIn }) => agentsSignedIn), 2, 2],
  ['waiting at 03:00', at(3 * 60, ({ waiting }) => waiting), 0, 0.2],
  [
    'occupancy before 03:00',
    (d) => mean(d.map(({ hours }) => hours.get(3)?.totals.occupancy ?? 0)),
    0.1,
    0.2,
  ],
  [
    'service level before 06:00',
    (days) => {
      const night = days.flatMap(({ day, visits }) =>
        visits.filter(
          (v) => v.enteredAt < day.instant(6 * 60) && !(v.outcome === 'abandoned' && v.waitMs <= 5_000),
        ),
      );
      return share(night, (v) => v.outcome === 'answered' && v.waitMs <= 20_000);
    },
    0.94,
    0.98,
  ],
  ['transfers', perDay(({ transferRate }) => transferRate), 0.06, 0.09],
  [
    'of transfers, blind',
    (days) =>
      share(
        answeredOf(days, (v) => v.transferKind !== null),
        (v) => v.transferKind === 'blind',
      ),
    0.55,
    0.65,
  ],
  ['missed rings', (days) => told(days, 'call.missed') / told(days, 'call.alerted'), 0.02, 0.04],
  ['timeouts', perDay(({ timedOut, offered }) => timedOut / offered), 0, 0.003],
  ['key exits', perDay(({ keyExits, offered }) => keyExits / offered), 0.005, 0.01],
  ['outbound share of talk, Sales', outboundShare('sales'), 0.13, 0.17],
  ['outbound share of talk, Service', outboundShare('service'), 0.03, 0.05],
  ['outbound share of talk, Technical', outboundShare('technical'), 0.03, 0.05],
];
