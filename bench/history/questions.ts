import { AGENTS, QUEUES } from './facts.ts';
import { agentScans, type Grouping, type Range, type Rules, timeScan, visitScan } from './scans.ts';

/** One question put to both: every round about other days, so that nothing remembered answers it. */
export interface Question {
  what: string;
  promisedMs: number;
  path(round: number): string;
  scans(round: number): string[];
  /** What of the answer is compared, where its rows are not all of it. */
  parts?(row: Record<string, unknown>): Record<string, unknown>[];
  /** What a row of Callboard's answer has as its key in DuckDB's. */
  key(row: Record<string, unknown>): unknown;
  /** Only the first so many by this are asked for. */
  first?: { by: string; limit: number };
}

const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const PERFORMANCE = '/api/v1/analytics/performance';
const AT_ONCE_MS = 15;
const OTHERWISE_MS = 250;

export const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);
/** `count` days from that of 2025 on, numbered from 0. */
export const days = (first: number, count: number): Range => {
  const from = Date.UTC(2025, 0, 1) + first * DAY_MS;
  return { from, to: from + count * DAY_MS };
};
export const asked = ({ from, to }: Range) => `startDate=${date(from)}&endDate=${date(to - 1)}`;

export const year = (round: number) => days(round % 13, 340 + ((round * 5) % 12));
const quarter = (round: number) => days((round * 11) % 260, 92);
/** All the ways to take whole months of a year that follow each other, 78 of them, short and long ones mixed. */
const MONTHS: Range[] = Array.from({ length: 12 }, (_, first) =>
  Array.from({ length: 12 - first }, (_, more) => ({
    from: Date.UTC(2025, first, 1),
    to: Date.UTC(2025, first + more + 1, 1),
  })),
).flat();
export const someMonths = (round: number): Range => MONTHS[(round * 25) % MONTHS.length] ?? year(round);
export const startOf = (row: Record<string, unknown>) => Date.parse(String(row.start));

const more = ({ rules }: Grouping) =>
  rules ? `&threshold=${rules.thresholdSeconds}&definition=${rules.definition}` : '';

function trend(
  what: string,
  range: (round: number) => Range,
  groupBy: string,
  {
    grouping,
    key,
    promisedMs = AT_ONCE_MS,
  }: { grouping: Grouping; key: Question['key']; promisedMs?: number },
): Question {
  return {
    what,
    promisedMs,
    path: (round) => `${PERFORMANCE}/trends?${asked(range(round))}&groupBy=${groupBy}${more(grouping)}`,
    scans: (round) => [visitScan(range(round), grouping), timeScan(range(round), grouping)],
    key,
  };
}

function total(what: string, range: (round: number) => Range, rules?: Rules): Question {
  const grouping: Grouping = { key: '0', ...(rules && { rules }) };
  return {
    what,
    promisedMs: rules ? OTHERWISE_MS : AT_ONCE_MS,
    path: (round) => `${PERFORMANCE}/summary?${asked(range(round))}${more(grouping)}`,
    scans: (round) => [visitScan(range(round), grouping), timeScan(range(round), grouping)],
    key: () => 0,
  };
}

function agents(what: string, range: (round: number) => Range): Question {
  return {
    what,
    promisedMs: AT_ONCE_MS,
    path: (round) => `${PERFORMANCE}/agents?${asked(range(round))}&limit=${AGENTS}`,
    scans: (round) => agentScans(range(round)),
    key: (row) => row.agentId,
  };
}

/** All days of a year laid over one week; the epoch was a Thursday, the fourth of seven days. */
function heatMap(what: string, minutes: 15 | 60): Question {
  const step = minutes * 60_000;
  const key = `(instant + ${3 * DAY_MS}) % ${7 * DAY_MS} // ${step}`;
  return {
    what,
    promisedMs: OTHERWISE_MS,
    path: (round) =>
      `${PERFORMANCE}/pattern?${asked(year(round))}&step=${minutes === 60 ? 'hour' : 'interval'}`,
    scans: (round) => [visitScan(year(round), { key }), timeScan(year(round), { key })],
    key: ({ weekday, startMinutes }) =>
      ((Number(weekday) - 1) * DAY_MS + Number(startMinutes) * 60_000) / step,
  };
}

/** Steps of a fixed length. */
export const steps = (ms: number) => ({
  grouping: { key: `instant // ${ms}` },
  key: (row: Record<string, unknown>) => Math.floor(startOf(row) / ms),
});
/** Weeks begin on Monday; the epoch was a Thursday. */
export const WEEK = {
  grouping: { key: `(instant + ${3 * DAY_MS}) // ${7 * DAY_MS}` },
  key: (row: Record<string, unknown>) => Math.floor((startOf(row) + 3 * DAY_MS) / (7 * DAY_MS)),
};
export const MONTH = {
  grouping: { key: "strftime(make_timestamp(instant * 1000), '%Y-%m')" },
  key: (row: Record<string, unknown>) => String(row.start).slice(0, 7),
};
const sectorOf = (queue: string) => `(${queue}[7:]::integer % 8)`;
export const someQueues = (round: number) => [0, 13, 27].map((n) => `queue-${(n + round) % QUEUES}`);
const STRICT: Rules = { thresholdSeconds: 45, definition: 'strict' };
/** Tokyo is nine hours ahead the whole year. */
const inTokyo = ({ from, to }: Range): Range => ({ from: from - 9 * HOUR_MS, to: to - 9 * HOUR_MS });

export const QUESTIONS: Question[] = [
  total('summary of a year', year),
  total('summary of a quarter', quarter),
  {
    what: 'summary of three queues over a quarter',
    promisedMs: AT_ONCE_MS,
    path: (round) =>
      `${PERFORMANCE}/summary?${asked(quarter(round))}&queue=${someQueues(round).join('&queue=')}`,
    scans: (round) =>
      [visitScan, timeScan].map((scan) => scan(quarter(round), { key: '0', queues: someQueues(round) })),
    key: () => 0,
  },
  {
    what: 'sectors of a year',
    promisedMs: AT_ONCE_MS,
    path: (round) => `${PERFORMANCE}/sectors?${asked(year(round))}`,
    scans: (round) => [
      visitScan(year(round), {
        key: `'sector-' || ${sectorOf('queue_id')}`,
        seen: `${sectorOf('earlier')} = ${sectorOf('queue_id')}`,
      }),
      // An agent's queues are all of one sector.
      timeScan(year(round), { key: `'sector-' || ${sectorOf('queues[1]')}` }),
    ],
    key: (row) => row.sectorId,
  },
  trend('trends by interval, 2 days', (round) => days((round * 17) % 360, 2), 'interval', steps(HOUR_MS / 4)),
  trend('trends by hour, 31 days', (round) => days((round * 9) % 330, 31), 'hour', steps(HOUR_MS)),
  trend('trends by day, a year', year, 'day', steps(DAY_MS)),
  trend('trends by week, a year', year, 'week', WEEK),
  trend('trends by month, a year', year, 'month', MONTH),
  agents('agents of whole months', someMonths),
  agents('agents of a quarter', quarter),
  {
    what: 'top ten of a year',
    promisedMs: AT_ONCE_MS,
    path: (round) => `${PERFORMANCE}/top?${asked(year(round))}&metric=answered`,
    scans: (round) => agentScans(year(round)),
    key: (row) => row.agentId,
    first: { by: 'answered', limit: 10 },
  },
  heatMap('heat map of a year, hours of the week', 60),
  heatMap('heat map of a year, quarters of an hour of the week', 15),
  trend('the hours of a year one by one', year, 'hour', { ...steps(HOUR_MS), promisedMs: OTHERWISE_MS }),
  {
    what: 'queues of a year',
    promisedMs: OTHERWISE_MS,
    path: (round) => `${PERFORMANCE}/trends?${asked(year(round))}&groupBy=queue`,
    scans: (round) => [visitScan(year(round), { key: 'queue_id', seen: 'earlier = queue_id' })],
    key: (row) => row.queueId,
  },
  total('summary of a year under other rules', year, STRICT),
  trend('trends by day under other rules, a year', year, 'day', {
    grouping: { ...steps(DAY_MS).grouping, rules: STRICT },
    key: steps(DAY_MS).key,
    promisedMs: OTHERWISE_MS,
  }),
  {
    what: 'summary of a year in another zone',
    promisedMs: OTHERWISE_MS,
    path: (round) => `${PERFORMANCE}/summary?${asked(year(round))}&timeZone=Asia/Tokyo`,
    scans: (round) => [visitScan, timeScan].map((scan) => scan(inTokyo(year(round)), { key: '0' })),
    key: () => 0,
  },
];
