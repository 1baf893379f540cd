import type { TransactionSql } from 'postgres';
import type { AgentRow } from '../../../shared/contract/analytics.ts';
import { emptyLegSums, type LegSums } from '../../../shared/metrics/agentSums.ts';
import { legMetrics } from '../../../shared/metrics/legMetrics.ts';
import { timeMetrics } from '../../../shared/metrics/timeMetrics.ts';
import { emptyTimeSums, type TimeSums } from '../../../shared/metrics/timeSums.ts';
import { isoOf } from '../asked.ts';
import type { Agent } from '../people.ts';
import type { Piece } from '../pieces.ts';
import { type Edges, withEdges } from './agentEdges.ts';
import { timeOf } from './teamRows.ts';
import { placeOf, unionOf } from './visitRows.ts';

/** What is asked of `agent_trends`. */
export interface AgentQuestion {
  pieces: readonly Piece[];
  /** Null: of everybody. */
  identities: readonly string[] | null;
  /** Beside the pieces, of those named: see agentEdges.ts. */
  edges?: Edges;
  /** What is to be added up; left out: everything. The rest comes as 0, and no instants. */
  only?: readonly Added[] | undefined;
}

/** What an agent did in one queue, or under '' altogether; only there his time is, and when he signed in, in epoch ms. */
export interface AgentGroup {
  identity: string;
  queueId: string;
  legs: LegSums;
  time: TimeSums;
  firstSignedInAt: number | null;
  lastSignedInAt: number | null;
}

/** Sums of the agents over all they did; of those alone who did anything or were there. */
export async function readAgents(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
): Promise<AgentGroup[]> {
  const groups = await read(tx, tenantId, question, tx`queue_id = ''`, tx`''`);
  return beside(tx, tenantId, question, groups, (queueId) => (queueId === '' ? '' : null));
}

/** Sums of what they did in some queues, added up. */
export async function readAgentsIn(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
  queues: readonly string[],
): Promise<AgentGroup[]> {
  const groups = await read(tx, tenantId, question, tx`queue_id = any(${[...queues]}::text[])`, tx`''`);
  const isMeant = new Set(queues);
  return beside(tx, tenantId, question, groups, (queueId) => (isMeant.has(queueId) ? '' : null));
}

/** Sums of what they did in each queue and, under '', altogether. */
export async function readAgentsByQueue(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
): Promise<AgentGroup[]> {
  const groups = await read(tx, tenantId, question, tx`true`, tx`queue_id`);
  return beside(tx, tenantId, question, groups, (queueId) => queueId);
}

function beside(
  tx: TransactionSql,
  tenantId: string,
  { identities, edges }: AgentQuestion,
  groups: AgentGroup[],
  placeOf: (queueId: string) => string | null,
): AgentGroup[] | Promise<AgentGroup[]> {
  if (identities === null || edges === undefined || edges.spans.length === 0) return groups;
  return withEdges(tx, tenantId, groups, { identities, edges }, placeOf);
}

/** Sums over all one agent did, by the place of the day among `starts` (epoch ms, ascending). */
export async function readAgentByDay(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
  starts: readonly number[],
): Promise<Map<number, AgentGroup>> {
  if (starts.length === 0) return new Map();
  // What tells rows apart is a queue elsewhere, and is the day here.
  const groups = await read(tx, tenantId, question, tx`queue_id = ''`, tx`(${placeOf(tx, starts)})::text`);
  return new Map(groups.map((group) => [Number(group.queueId), { ...group, queueId: '' }]));
}

/** Sums of several agents, each by the place of the step among `starts` (epoch ms, ascending); `queues` null: over all they did. */
export async function readAgentSteps(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
  starts: readonly number[],
  queues: readonly string[] | null,
): Promise<(AgentGroup & { place: number })[]> {
  const scope = queues === null ? tx`queue_id = ''` : tx`queue_id = any(${[...queues]}::text[])`;
  const groups = await read(tx, tenantId, question, scope, tx`(${placeOf(tx, starts)})::text`);
  return groups.map((group) => ({ ...group, queueId: '', place: Number(group.queueId) }));
}

async function read(
  tx: TransactionSql,
  tenantId: string,
  { pieces, identities, only }: AgentQuestion,
  scope: ReturnType<typeof fragment>,
  queueId: ReturnType<typeof fragment>,
): Promise<AgentGroup[]> {
  if (pieces.length === 0 || identities?.length === 0) return [];
  const who = identities === null ? scope : tx`${scope} and identity = any(${[...identities]}::text[])`;
  const rows = await tx<AgentRowRead[]>`
    select identity, ${queueId} as "queueId", array[${tx.unsafe(sumsOf(only))}] as sums,
      ${only === undefined ? SIGNED_IN(tx) : tx`null as "firstSignedInAt", null as "lastSignedInAt"`}
    from (${unionOf(tx, 'agent_trends', tenantId, pieces, who)}) as piece
    group by 1, 2`;
  return rows.map(groupOf);
}

function fragment(tx: TransactionSql) {
  return tx``;
}

/** What of an agent's rows adds up: columns in the order {@link groupOf} takes their sums. */
export const ADDED = [
  'answered',
  'handled',
  'transferred',
  'completed',
  'missed_rings',
  'outbound',
  'callback_answered',
  'answered_wait_ms',
  'talk_ms',
  'hold_ms',
  'hold_known',
  'wrap_up_ms',
  'state_talking_ms',
  'state_outbound_ms',
  'state_hold_ms',
  'state_ringing_ms',
  'state_wrap_up_ms',
  'state_paused_ms',
  'state_available_ms',
  'state_closed_ms',
] as const;
export type Added = (typeof ADDED)[number];

/** As float8, which is exact to 2^53. */
function sumsOf(only: readonly Added[] = ADDED): string {
  return ADDED.map((column) => (only.includes(column) ? `sum(${column}::float8)` : '0')).join(', ');
}

const SIGNED_IN = (tx: TransactionSql) => tx`
  floor(date_part('epoch', min(first_signed_in_at)) * 1000) as "firstSignedInAt",
  floor(date_part('epoch', max(last_signed_in_at)) * 1000) as "lastSignedInAt"`;

export interface AgentRowRead {
  identity: string;
  queueId: string;
  /** Of {@link ADDED}, as one array: of rows of twenty fields the driver makes objects that are slow to make and to read. */
  sums: number[];
  firstSignedInAt: number | null;
  lastSignedInAt: number | null;
}

export function groupOf(row: AgentRowRead): AgentGroup {
  const { identity, queueId, sums, firstSignedInAt, lastSignedInAt } = row;
  let at = 0;
  const next = () => sums[at++] ?? 0;
  const legs = {
    answered: next(),
    handled: next(),
    transferred: next(),
    completed: next(),
    missedRings: next(),
    outbound: next(),
    callbackAnswered: next(),
    answeredWaitMs: next(),
    talkMs: next(),
    holdMs: next(),
    holdKnown: next(),
    wrapUpMs: next(),
  };
  return { identity, queueId, legs, time: timeOf(sums.slice(at)), firstSignedInAt, lastSignedInAt };
}

/** An agent's row; `whole` has his time, `legs` what counts. */
export function agentRowOf(
  { agentId, name, sectorId }: Agent,
  legs: LegSums | undefined,
  whole: AgentGroup | undefined,
  minimumSample: number,
): AgentRow {
  const did = legMetrics(legs ?? emptyLegSums(), minimumSample);
  const time = timeMetrics(whole?.time ?? emptyTimeSums());
  const first = whole?.firstSignedInAt ?? null;
  const last = whole?.lastSignedInAt ?? null;
  // Field by field: there are thousands, and an object put together of several is slow to make and to write out.
  return {
    agentId,
    name,
    sectorId,
    answered: did.answered,
    handled: did.handled,
    transferred: did.transferred,
    missedRings: did.missedRings,
    outbound: did.outbound,
    callbackAnswered: did.callbackAnswered,
    asaMs: did.asaMs,
    ahtMs: did.ahtMs,
    averageTalkMs: did.averageTalkMs,
    averageHoldMs: did.averageHoldMs,
    averageWrapUpMs: did.averageWrapUpMs,
    transferRate: did.transferRate,
    signedInMs: time.signedInMs,
    availableMs: time.availableMs,
    closedMs: time.closedMs,
    ringingMs: time.ringingMs,
    talkMs: time.talkMs,
    holdMs: time.holdMs,
    wrapUpMs: time.wrapUpMs,
    pausedMs: time.pausedMs,
    outboundMs: time.outboundMs,
    occupancy: time.occupancy,
    utilisation: time.utilisation,
    firstSignedInAt: first === null ? null : isoOf(first),
    lastSignedInAt: last === null ? null : isoOf(last),
    lowSample: did.lowSample,
  };
}
