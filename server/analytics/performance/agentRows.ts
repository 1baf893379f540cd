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
  const rows = await read(tx, tenantId, question, tx`queue_id = ''`, tx`''`);
  return beside(tx, tenantId, question, rows, (queueId) => (queueId === '' ? '' : null));
}

/** Sums of what they did in some queues, added up. */
export async function readAgentsIn(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
  queues: readonly string[],
): Promise<AgentGroup[]> {
  const rows = await read(tx, tenantId, question, tx`queue_id = any(${[...queues]}::text[])`, tx`''`);
  const isMeant = new Set(queues);
  return beside(tx, tenantId, question, rows, (queueId) => (isMeant.has(queueId) ? '' : null));
}

/** Sums of what they did in each queue and, under '', altogether. */
export async function readAgentsByQueue(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
): Promise<AgentGroup[]> {
  const rows = await read(tx, tenantId, question, tx`true`, tx`queue_id`);
  return beside(tx, tenantId, question, rows, (queueId) => queueId);
}

function beside(
  tx: TransactionSql,
  tenantId: string,
  { identities, edges }: AgentQuestion,
  rows: readonly AgentRowRead[],
  placeOf: (queueId: string) => string | null,
): AgentGroup[] | Promise<AgentGroup[]> {
  const groups = rows.map(groupOf);
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
  const rows = await read(tx, tenantId, question, tx`queue_id = ''`, tx`(${placeOf(tx, starts)})::text`);
  return new Map(rows.map((row) => [Number(row.queueId), groupOf({ ...row, queueId: '' })]));
}

/** Sums of several agents, each by the place of the step among `starts` (epoch ms, ascending); `queues` null: over all they did. */
export async function readAgentSteps(
  tx: TransactionSql,
  tenantId: string,
  question: AgentQuestion,
  starts: readonly number[],
  queues: readonly string[] | null,
): Promise<{ place: number; group: AgentGroup }[]> {
  const scope = queues === null ? tx`queue_id = ''` : tx`queue_id = any(${[...queues]}::text[])`;
  const rows = await read(tx, tenantId, question, scope, tx`(${placeOf(tx, starts)})::text`);
  return rows.map((row) => ({ place: Number(row.queueId), group: groupOf({ ...row, queueId: '' }) }));
}

async function read(
  tx: TransactionSql,
  tenantId: string,
  { pieces, identities, only }: AgentQuestion,
  scope: ReturnType<typeof fragment>,
  queueId: ReturnType<typeof fragment>,
): Promise<AgentRowRead[]> {
  if (pieces.length === 0 || identities?.length === 0) return [];
  const who = identities === null ? scope : tx`${scope} and identity = any(${[...identities]}::text[])`;
  return tx<AgentRowRead[]>`
    select identity, ${queueId} as "queueId", array[${tx.unsafe(sumsOf(only))}] as sums,
      ${only === undefined ? SIGNED_IN(tx) : tx`null as "firstSignedInAt", null as "lastSignedInAt"`}
    from (${unionOf(tx, 'agent_trends', tenantId, pieces, who)}) as piece
    group by 1, 2`;
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
const STATES_FROM = ADDED.indexOf('state_talking_ms');

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
  return new GroupRead(row);
}

/** As it was read: taken apart when asked for, as an answer of a thousand agents does one after the other. */
class GroupRead implements AgentGroup {
  readonly identity: string;
  readonly queueId: string;
  readonly firstSignedInAt: number | null;
  readonly lastSignedInAt: number | null;
  readonly #sums: readonly number[];

  constructor({ identity, queueId, sums, firstSignedInAt, lastSignedInAt }: AgentRowRead) {
    this.identity = identity;
    this.queueId = queueId;
    this.firstSignedInAt = firstSignedInAt;
    this.lastSignedInAt = lastSignedInAt;
    this.#sums = sums;
  }

  get legs(): LegSums {
    let at = 0;
    const next = () => this.#sums[at++] ?? 0;
    return {
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
  }

  get time(): TimeSums {
    return timeOf(this.#sums.slice(STATES_FROM));
  }
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
