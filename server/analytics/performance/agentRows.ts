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
import { placeOf, unionOf } from './visitRows.ts';

/** What is asked of `agent_trends`. */
export interface AgentQuestion {
  pieces: readonly Piece[];
  /** Null: of everybody. */
  identities: readonly string[] | null;
  /** Beside the pieces, of those named: see agentEdges.ts. */
  edges?: Edges;
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

async function read(
  tx: TransactionSql,
  tenantId: string,
  { pieces, identities }: AgentQuestion,
  scope: ReturnType<typeof fragment>,
  queueId: ReturnType<typeof fragment>,
): Promise<AgentGroup[]> {
  if (pieces.length === 0 || identities?.length === 0) return [];
  const who = identities === null ? scope : tx`${scope} and identity = any(${[...identities]}::text[])`;
  const rows = await tx<AgentRowRead[]>`
    select identity, ${queueId} as "queueId",
      sum(answered::float8) as answered, sum(handled::float8) as handled, sum(transferred::float8) as transferred,
      sum(completed::float8) as completed, sum(missed_rings::float8) as "missedRings",
      sum(outbound::float8) as outbound, sum(callback_answered::float8) as "callbackAnswered",
      sum(answered_wait_ms::float8) as "answeredWaitMs",
      sum(talk_ms::float8) as "talkMs", sum(hold_ms::float8) as "holdMs", sum(hold_known::float8) as "holdKnown",
      sum(wrap_up_ms::float8) as "wrapUpMs",
      sum(state_talking_ms::float8) as "stateTalkingMs", sum(state_outbound_ms::float8) as "stateOutboundMs",
      sum(state_hold_ms::float8) as "stateHoldMs", sum(state_ringing_ms::float8) as "stateRingingMs",
      sum(state_wrap_up_ms::float8) as "stateWrapUpMs", sum(state_paused_ms::float8) as "statePausedMs",
      sum(state_available_ms::float8) as "stateAvailableMs", sum(state_closed_ms::float8) as "stateClosedMs",
      floor(extract(epoch from min(first_signed_in_at)) * 1000)::float8 as "firstSignedInAt",
      floor(extract(epoch from max(last_signed_in_at)) * 1000)::float8 as "lastSignedInAt"
    from (${unionOf(tx, 'agent_trends', tenantId, pieces, who)}) as piece
    group by 1, 2`;
  return rows.map(groupOf);
}

function fragment(tx: TransactionSql) {
  return tx``;
}

export interface AgentRowRead extends LegSums {
  identity: string;
  queueId: string;
  stateTalkingMs: number;
  stateOutboundMs: number;
  stateHoldMs: number;
  stateRingingMs: number;
  stateWrapUpMs: number;
  statePausedMs: number;
  stateAvailableMs: number;
  stateClosedMs: number;
  firstSignedInAt: number | null;
  lastSignedInAt: number | null;
}

export function groupOf(row: AgentRowRead): AgentGroup {
  const {
    identity,
    queueId,
    stateTalkingMs: talkingMs,
    stateOutboundMs: outboundMs,
    stateHoldMs: holdMs,
    stateRingingMs: ringingMs,
    stateWrapUpMs: wrapUpMs,
    statePausedMs: pausedMs,
    stateAvailableMs: availableMs,
    stateClosedMs: closedMs,
    firstSignedInAt,
    lastSignedInAt,
    ...legs
  } = row;
  const time = { talkingMs, outboundMs, holdMs, ringingMs, wrapUpMs, pausedMs, availableMs, closedMs };
  return { identity, queueId, legs, time, firstSignedInAt, lastSignedInAt };
}

/** An agent's row; `whole` has his time, `legs` what counts. */
export function agentRowOf(
  { agentId, name, sectorId }: Agent,
  legs: LegSums | undefined,
  whole: AgentGroup | undefined,
  minimumSample: number,
): AgentRow {
  const { lowSample, ...counts } = legMetrics(legs ?? emptyLegSums(), minimumSample);
  const first = whole?.firstSignedInAt ?? null;
  const last = whole?.lastSignedInAt ?? null;
  return {
    agentId,
    name,
    sectorId,
    ...counts,
    ...timeMetrics(whole?.time ?? emptyTimeSums()),
    firstSignedInAt: first === null ? null : isoOf(first),
    lastSignedInAt: last === null ? null : isoOf(last),
    lowSample,
  };
}
