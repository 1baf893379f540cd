import type { AgentRow, PerformanceMetrics } from '../../shared/contract/analytics.ts';
import type { CalledBack } from '../../shared/contract/calledBack.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import type { ShortCalls } from '../../shared/contract/shortCalls.ts';
import type { Level } from '../board/TileFrame.tsx';
import { levelOf } from './measures.ts';

/** A column of figures: what it is of, and how a row has it. Names and meanings: `desk.metric` in en.json. */
export interface Column<Row> {
  metric: string;
  value(row: Row): number | null;
  level?(row: Row): Level;
  isLow?(row: Row): boolean;
  /** What explains it, where it is worked out here. */
  explainedBy?: string;
  /** A bar in the cell, as long as the value is beside the largest. */
  hasBar?: boolean;
}

/** What queues, sectors and steps can show, in the order of a table. */
const PERFORMANCE = [
  'offered',
  'answered',
  'abandoned',
  'abandonmentRate',
  'serviceLevel',
  'asaMs',
  'ahtMs',
  'signedIn',
  'occupancy',
  'utilisation',
  'calls',
  'refused',
  'received',
  'handled',
  'shortAbandoned',
  'timedOut',
  'noAgents',
  'keyExits',
  'callbacks',
  'overflowed',
  'withdrawn',
  'lost',
  'open',
  'transferred',
  'transferRate',
  'completionRate',
  'averageAbandonMs',
  'averageTalkMs',
  'averageHoldMs',
  'averageWrapUpMs',
  'waitP50Ms',
  'waitP80Ms',
  'waitP90Ms',
  'waitP95Ms',
  'maxWaitMs',
  'missedRings',
  'outsideHours',
  'closedMs',
] as const;

export const USUAL = [
  'offered',
  'answered',
  'abandoned',
  'serviceLevel',
  'asaMs',
  'ahtMs',
  'signedIn',
  'occupancy',
];

/** `lengthOf`: how long a row's time lasted, in ms, by which signed-in time becomes agents. */
export function performanceColumns<Row extends PerformanceMetrics>(
  lengthOf: (row: Row) => number,
  targetsOf: (row: Row) => Targets | null,
): Column<Row>[] {
  return PERFORMANCE.map((metric) => ({
    metric,
    value: (row) =>
      metric === 'signedIn' ? (lengthOf(row) > 0 ? row.signedInMs / lengthOf(row) : null) : row[metric],
    level: (row) => levelOf(metric, row, targetsOf(row)),
    isLow: (row) => row.lowSample.includes(metric),
    hasBar: metric === 'offered',
    ...(metric === 'signedIn' && { explainedBy: 'signedInMs' }),
  }));
}

const AGENT = [
  'answered',
  'handled',
  'ahtMs',
  'averageTalkMs',
  'averageHoldMs',
  'averageWrapUpMs',
  'asaMs',
  'missedRings',
  'transferred',
  'transferRate',
  'outbound',
  'occupancy',
  'utilisation',
  'signedInMs',
  'availableMs',
  'closedMs',
  'ringingMs',
  'talkMs',
  'holdMs',
  'wrapUpMs',
  'pausedMs',
  'outboundMs',
] as const;

export const AGENT_USUAL = [
  'answered',
  'ahtMs',
  'averageTalkMs',
  'averageWrapUpMs',
  'missedRings',
  'transferRate',
  'signedInMs',
  'pausedMs',
  'occupancy',
];

export const AGENT_COLUMNS: Column<AgentRow>[] = AGENT.map((metric) => ({
  metric,
  value: (row) => row[metric],
  isLow: (row) => row.lowSample.includes(metric),
  hasBar: metric === 'answered',
}));

const SHORT = ['answered', 'shortTalks', 'shortTalkRate'] as const;

export const SHORT_COLUMNS: (Column<ShortCalls> & { metric: (typeof SHORT)[number] })[] = SHORT.map(
  (metric) => ({
    metric,
    value: (row) => row[metric],
    isLow: (row) => row.lowSample.includes(metric),
    hasBar: metric === 'shortTalks',
  }),
);

const RETURNS = ['abandoned', 'abandonedKnown', 'abandonedReturned', 'abandonedReturnRate'] as const;

export const RETURN_COLUMNS: (Column<CalledBack> & { metric: (typeof RETURNS)[number] })[] = RETURNS.map(
  (metric) => ({
    metric,
    value: (row) => row[metric],
    isLow: (row) => row.lowSample.includes(metric),
    hasBar: metric === 'abandonedReturned',
  }),
);

export const TRANSFERS = ['transferred', 'transferredToQueue', 'transferredElsewhere'] as const;

/** What there is an explanation of: every figure of a table. */
export const EXPLAINED: readonly string[] = [
  ...new Set([...PERFORMANCE, ...AGENT, ...SHORT, ...RETURNS, ...TRANSFERS]),
].filter((metric) => metric !== 'signedIn');
