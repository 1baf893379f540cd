import type { PendingQuery, Row, TransactionSql } from 'postgres';
import type { ScoreDetail, ScoreRow, ScoreState } from '../../../shared/contract/qualityScores.ts';
import type { Sight } from '../../access/principal.ts';
import { isoOf } from '../asked.ts';
import type { Centre } from '../centre.ts';
import type { People } from '../people.ts';

/** Scores as they are kept, and as they are shown. */

type Answers = ScoreDetail['answers'];
type Said = ScoreDetail['resolved'];

/** Instants in epoch ms. */
export interface KeptScore {
  id: string;
  state: ScoreState;
  version: number;
  callId: string;
  agentId: string | null;
  queueId: string | null;
  calledAt: number;
  isCallKnown: boolean;
  origin: ScoreRow['origin'];
  reviewerId: string | null;
  reviewer: string;
  formId: string | null;
  formVersionId: string | null;
  formVersion: number | null;
  formName: string;
  passMark: number | null;
  answers: Answers;
  comment: string;
  score: number | null;
  isPassed: boolean | null;
  failedCritical: string[];
  signedAt: number | null;
  createdAt: number;
  updatedAt: number;
  acknowledged: Said;
  disputed: Said;
  resolved: Said;
  original: ScoreDetail['original'];
  /** When the call was, to the microsecond: a place in a list. */
  place: string;
}

/** Scores that fit, joined to their forms; `which` over `s`, and what comes behind a `where`. */
export function readScores(
  tx: TransactionSql,
  tenantId: string,
  which: PendingQuery<Row[]>,
): Promise<KeptScore[]> {
  const ms = (column: string) => tx`(extract(epoch from ${tx(`s.${column}`)}) * 1000)::float8`;
  return tx<KeptScore[]>`
    select s.id, s.state, s.version, s.call_id as "callId", s.agent_id as "agentId", s.queue_id as "queueId",
      floor(${ms('called_at')}) as "calledAt", s.is_call_known as "isCallKnown", s.origin, s.reviewer_id as "reviewerId",
      s.reviewer_name as reviewer, f.form_id as "formId", s.form_version_id as "formVersionId",
      f.version as "formVersion", s.form_name as "formName", f.pass_mark as "passMark", s.answers, s.comment, s.score,
      s.is_passed as "isPassed", s.failed_critical as "failedCritical", floor(${ms('signed_at')}) as "signedAt",
      floor(${ms('created_at')}) as "createdAt", floor(${ms('updated_at')}) as "updatedAt",
      s.acknowledged, s.disputed, s.resolved, s.original,
      to_char(s.called_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place
    from call_quality_scores s
    left join quality_forms f on f.tenant_id = s.tenant_id and f.id = s.form_version_id
    where s.tenant_id = ${tenantId} and ${which}`;
}

/** Who asks for a score. */
export interface Reader {
  /** Null: a key. */
  accountId: string | null;
  sight: Sight;
}

/** A draft is its reviewer's alone; a score of an agent out of sight is as unknown as one that does not exist [S46]. */
export function isSeen(kept: KeptScore, { accountId, sight }: Reader, people: People): boolean {
  if (kept.state === 'draft' && (accountId === null || kept.reviewerId !== accountId)) return false;
  if (sight.sectors === null) return true;
  const agent = kept.agentId === null ? undefined : people.find(kept.agentId);
  return agent !== undefined && sight.sectors.has(agent.sectorId);
}

export function rowOf(kept: KeptScore, { settings }: Pick<Centre, 'settings'>, people: People): ScoreRow {
  const { agentId, queueId } = kept;
  const agent = agentId === null ? undefined : people.find(agentId);
  return {
    id: kept.id,
    state: kept.state,
    version: kept.version,
    callId: kept.callId,
    agentId: agent?.agentId ?? agentId,
    agentName: agent?.name ?? agentId,
    sectorId: agent?.sectorId ?? null,
    queueId,
    queueName: queueId === null ? null : (settings.queues.get(queueId)?.name ?? queueId),
    calledAt: isoOf(kept.calledAt),
    isCallKnown: kept.isCallKnown,
    origin: kept.origin,
    reviewerId: kept.reviewerId,
    reviewer: kept.reviewer,
    formId: kept.formId,
    formName: kept.formName,
    formVersion: kept.formVersion,
    score: kept.score,
    isPassed: kept.isPassed,
    failedCritical: kept.failedCritical,
    signedAt: kept.signedAt === null ? null : isoOf(kept.signedAt),
    createdAt: isoOf(kept.createdAt),
    updatedAt: isoOf(kept.updatedAt),
  };
}

export function detailOf(kept: KeptScore, centre: Pick<Centre, 'settings'>, people: People): ScoreDetail {
  const { formVersionId, passMark, answers, comment, acknowledged, disputed, resolved, original } = kept;
  return {
    ...rowOf(kept, centre, people),
    formVersionId,
    passMark,
    answers,
    comment,
    acknowledged,
    disputed,
    resolved,
    original,
  };
}
