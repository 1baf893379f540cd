import { AGENTS } from '../history/facts.ts';
import {
  asked,
  days,
  MONTH,
  type Question,
  someQueues,
  startOf,
  steps,
  WEEK,
  year,
} from '../history/questions.ts';
import type { Range } from '../history/scans.ts';
import { FORMS, formIdOf, REVIEWERS, reviewerIdOf, SECTORS } from './reviews.ts';
import * as scan from './scans.ts';

/** Every question of quality about a year, and those that are asked beside it: of other days each round. */

const QUALITY = '/api/v1/analytics/quality';
const PROMISED_MS = 250;
const DAY_MS = 86_400_000;
type Row = Record<string, unknown>;
type Narrowed = Omit<scan.Which, 'range'>;

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : []);
/** Nothing narrows it. */
const all = (): Narrowed => ({});

function addressed(path: string, range: Range, narrowed: Narrowed, more = ''): string {
  const { agents = [], queues = [], reviewer, form } = narrowed;
  const filters = [
    ...agents.map((id) => `&agent=${id}`),
    ...queues.map((id) => `&queue=${id}`),
    ...(reviewer ? [`&reviewer=${reviewer}`] : []),
    ...(form ? [`&form=${form}`] : []),
  ];
  return `${QUALITY}/${path}?${asked(range)}${filters.join('')}${more}`;
}

/** All a summary says: its figures, and those of every criterion, reviewer and state as rows of their own. */
function summary(
  what: string,
  narrowedOf: (round: number) => Narrowed,
  byAddress?: (round: number) => string,
): Question {
  return {
    what,
    promisedMs: PROMISED_MS,
    path: (round) =>
      byAddress
        ? `${QUALITY}/summary?${asked(year(round))}${byAddress(round)}`
        : addressed('summary', year(round), narrowedOf(round)),
    parts: ({ criteria, reviewers, states, ...figures }) => [
      { ...figures, part: "'all'" },
      ...rowsOf(criteria).map((row) => ({ ...row, part: `${row.formId}${row.criterionId}` })),
      ...rowsOf(reviewers).map((row) => ({ ...row, part: row.reviewerId })),
      { ...(states as object), part: 'states' }, // As the contract has it; what else it were would not be the same.
    ],
    scans(round) {
      const which = { range: year(round), ...narrowedOf(round) };
      return [
        scan.reviewScan(which, "$$'all'$$"),
        scan.legScan(which, "$$'all'$$"),
        scan.pairScan(which, "$$'all'$$"),
        scan.criterionScan(which),
        scan.reviewerScan(which),
        scan.stateScan(which),
      ];
    },
    key: ({ part }) => part,
  };
}

/** Half a year, and the half before it. */
const half = (round: number) => days(180 + (round % 5), 165 + (round % 14));
const before = ({ from, to }: Range): Range => ({ from: from - (to - from), to: from });

const compared: Question = {
  what: 'summary of half a year beside the half before',
  promisedMs: PROMISED_MS,
  path: (round) => addressed('summary', half(round), {}, '&compare=previous'),
  parts: ({ previous, ...figures }) => [
    { ...figures, part: 1 },
    { ...(previous as object), part: 0 }, // As the contract has it.
  ],
  scans: (round) =>
    [before(half(round)), half(round)].flatMap((range, part) =>
      [scan.reviewScan, scan.legScan, scan.pairScan].map((of) => of({ range }, String(part))),
    ),
  key: ({ part }) => part,
};

/** `criterion`: its share of points beside them. */
function trend(
  groupBy: 'day' | 'week' | 'month',
  { grouping, key }: { grouping: { key: string }; key: Question['key'] },
  criterion?: string,
): Question {
  const form = criterion === undefined ? undefined : formIdOf(1);
  const which = (round: number): scan.Which => ({ range: year(round), ...(form && { form }) });
  return {
    what: `scores of a year by ${groupBy}${criterion ? ', with a criterion' : ''}`,
    promisedMs: PROMISED_MS,
    path: (round) =>
      addressed(
        'trends',
        year(round),
        which(round),
        `&groupBy=${groupBy}${criterion ? `&criterion=${criterion}` : ''}`,
      ),
    scans: (round) => [
      scan.reviewScan(which(round), grouping.key),
      scan.legScan({ range: year(round) }, grouping.key),
      ...(criterion ? [scan.criterionStepScan(which(round), criterion, grouping.key)] : []),
    ],
    key,
  };
}

const DAY = steps(DAY_MS);
const comparedTrend: Question = {
  ...trend('day', DAY),
  what: 'scores of half a year by day, beside the half before',
  path: (round) => addressed('trends', half(round), {}, '&groupBy=day&compare=previous'),
  parts: ({ previous, ...row }) => [row, ...(previous ? [previous as Row] : [])], // A step of the other range.
  scans: (round) =>
    [half(round), before(half(round))].flatMap((range) =>
      [scan.reviewScan, scan.legScan].map((of) => of({ range }, DAY.grouping.key)),
    ),
};

function completion(by: string, groupBy: string, grouping: { key: string }, key: Question['key']): Question {
  return {
    what: `completion of a year by ${groupBy}, ${by}`,
    promisedMs: PROMISED_MS,
    path: (round) => addressed('completion', year(round), {}, `&groupBy=${groupBy}&by=${by}&limit=100`),
    scans: (round) => [scan.completionScan(year(round), grouping.key)],
    key,
  };
}

function list(
  what: string,
  narrowedOf: (round: number) => Narrowed,
  condition: string,
  more: string,
): Question {
  return {
    what,
    promisedMs: PROMISED_MS,
    path: (round) => addressed('scores', year(round), narrowedOf(round), `&limit=100${more}`),
    scans: (round) => [scan.listScan({ range: year(round), ...narrowedOf(round) }, condition)],
    key: ({ id }) => id,
  };
}

const month = (round: number) => days((round * 5) % 330, 31);
const ofSector = (sector: number) =>
  Array.from({ length: AGENTS / SECTORS }, (_, nth) => `agent-${nth * SECTORS + sector}`);

export const QUESTIONS: Question[] = [
  summary('summary of a year', all),
  summary('summary of a year, one form', (round) => ({ form: formIdOf(round % FORMS) })),
  summary('summary of a year, one reviewer', (round) => ({ reviewer: reviewerIdOf(round % REVIEWERS) })),
  summary('summary of a year, three queues', (round) => ({ queues: someQueues(round) })),
  summary(
    'summary of a year, a sector’s agents',
    (round) => ({ agents: ofSector(round % SECTORS) }),
    (round) => `&sector=sector-${round % SECTORS}`,
  ),
  compared,
  {
    what: 'agents of a year',
    promisedMs: PROMISED_MS,
    path: (round) => addressed('agents', year(round), {}, `&limit=${AGENTS}`),
    scans: (round) => [
      scan.reviewScan({ range: year(round) }, 'agent'),
      scan.legScan({ range: year(round) }, 'identity'),
    ],
    key: ({ agentId }) => agentId,
  },
  trend('day', DAY),
  trend('week', WEEK),
  trend('month', MONTH),
  trend('day', DAY, 'criterion-1'),
  comparedTrend,
  completion('total', 'day', DAY.grouping, DAY.key),
  completion(
    'queue',
    'week',
    { key: `queue_id || ' ' || ${WEEK.grouping.key}` },
    (row) => `${row.queueId} ${WEEK.key(row)}`,
  ),
  {
    what: 'calls of a year that several have scored, a page',
    promisedMs: PROMISED_MS,
    path: (round) => addressed('calibration', year(round), {}, '&limit=50'),
    parts: (row) => [{ ...row, calledAt: startOf({ start: row.calledAt }) }],
    scans: (round) => [scan.severalScan({ range: year(round) }, 50)],
    key: ({ callId, agentId }) => `${callId}${agentId}`,
  },
  list('reviews of a year, a page', all, 'true', ''),
  list(
    'failed reviews of a reviewer',
    (round) => ({ reviewer: reviewerIdOf(round % REVIEWERS) }),
    'not passed',
    '&passed=false',
  ),
  list(
    'critical failures in three queues',
    (round) => ({ queues: someQueues(round) }),
    'failed',
    '&critical=true',
  ),
  {
    what: 'how the mean of a year came about',
    promisedMs: PROMISED_MS,
    path: (round) => addressed('explain', year(round), {}, '&metric=qualityScore'),
    parts: ({ value, sample, parts }) => [
      { value, ...(sample as object), scored: rowsOf(parts).find(({ name }) => name === 'scored')?.value }, // As the contract has it.
    ],
    scans: (round) => [
      `select 0 as key, avg(score) as value, count(score) as size, count(score) as scored from reviews where called_at >= ${year(round).from} and called_at < ${year(round).to}`,
    ],
    key: () => 0,
  },
  {
    // There are no more months than twelve, but pages that all of them fit on.
    what: 'reviews due in a month',
    promisedMs: PROMISED_MS,
    path: (round) =>
      `${QUALITY}/due?month=2025-${String(1 + (round % 12)).padStart(2, '0')}&limit=${AGENTS + round}`,
    scans(round) {
      const range = { from: Date.UTC(2025, round % 12, 1), to: Date.UTC(2025, (round % 12) + 1, 1) };
      return [scan.legScan({ range }, 'identity'), scan.dueScan({ range })];
    },
    key: ({ agentId }) => agentId,
  },
  {
    what: 'calls of a month to review',
    promisedMs: PROMISED_MS,
    path: (round) => addressed('sample', month(round), {}, `&limit=20&seed=s${round}`),
    scans: (round) => [scan.sampleScan({ range: month(round) }, `s${round}`, 20)],
    key: ({ callId }) => callId,
  },
];
