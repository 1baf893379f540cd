import type { PendingQuery, Row, TransactionSql } from 'postgres';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { placeOf, unionOf } from '../performance/visitRows.ts';
import type { Piece } from '../pieces.ts';
import { type ScoreScope, scoresIn } from './scope.ts';

/** Sums of scores, and of the answered calls they are held against. */

export interface ScoreSums {
  reviews: number;
  scored: number;
  scoreSum: number;
  /** Those with a score and a pass mark. */
  judged: number;
  passed: number;
  criticalFailures: number;
  /** Of calls answered here; `reviewed`: those calls, each once. */
  knownReviews: number;
  reviewed: number;
}

export interface ScoreGroup extends ScoreSums {
  /** In which of the steps, from 0. */
  place: number;
  /** A name; null where all are one, or nobody is known. */
  agentId: string | null;
  /** Of a total. */
  medianScore: number | null;
}

/** By step and, where it is asked for, by the name of the agent. `starts` in epoch ms; none: the range is one step. */
export async function readScoreSums(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
  { starts = [], by }: { starts?: readonly number[]; by: 'agent' | 'total' },
): Promise<ScoreGroup[]> {
  const agent = by === 'agent' ? tx`agent_id` : tx`null::text`;
  const found = (which: PendingQuery<Row[]>) => tx`
    select s.*, s.called_at as bucket from call_quality_scores s where ${scoresIn(tx, tenantId, scope)} and ${which}`;
  // A call is one, however many have reviewed it: those of which there may be others are counted apart.
  return tx<ScoreGroup[]>`
    with sums as (
      select ${placeOf(tx, starts)} as place, ${agent} as agent, count(*)::float8 as reviews, count(score)::float8 as scored,
        coalesce(sum(score), 0)::float8 as "scoreSum", count(is_passed)::float8 as judged,
        count(*) filter (where is_passed)::float8 as passed,
        count(*) filter (where has_failed_critical)::float8 as "criticalFailures",
        count(*) filter (where is_call_known)::float8 as "knownReviews",
        ${by === 'total' ? tx`percentile_cont(0.5) within group (order by score)` : tx`null::float8`} as "medianScore"
      from (${found(tx`true`)}) as review group by 1, 2
    ),
    again as (
      select place, agent, sum(reviews - 1)::float8 as again
      from (
        select ${placeOf(tx, starts)} as place, ${agent} as agent, count(*) as reviews
        from (${found(tx`s.has_others and s.is_call_known`)}) as review group by 1, 2, call_id, agent_id
      ) as call
      group by 1, 2
    )
    select sums.place, sums.agent as "agentId", reviews, scored, "scoreSum", judged, passed, "criticalFailures",
      "knownReviews", "medianScore", "knownReviews" - coalesce(again, 0) as reviewed
    from sums left join again on again.place = sums.place and again.agent is not distinct from sums.agent`;
}

export function mergedScores(groups: readonly ScoreSums[]): ScoreSums {
  const all = {
    reviews: 0,
    scored: 0,
    scoreSum: 0,
    judged: 0,
    passed: 0,
    criticalFailures: 0,
    knownReviews: 0,
    reviewed: 0,
  };
  for (const group of groups) {
    all.reviews += group.reviews;
    all.scored += group.scored;
    all.scoreSum += group.scoreSum;
    all.judged += group.judged;
    all.passed += group.passed;
    all.criticalFailures += group.criticalFailures;
    all.knownReviews += group.knownReviews;
    all.reviewed += group.reviewed;
  }
  return all;
}

/** What agents did with calls, of one step and one agent, '' for all of them. */
export interface LegGroup {
  place: number;
  identity: string;
  answered: number;
  completed: number;
  handled: number;
  handleMs: number;
}

export async function readLegSums(
  tx: TransactionSql,
  tenantId: string,
  scope: Pick<ScoreScope, 'agents' | 'isEverybody' | 'queues'>,
  question: { pieces: readonly Piece[]; starts?: readonly number[]; by: 'agent' | 'total' },
): Promise<LegGroup[]> {
  const { pieces, starts = [], by } = question;
  if (pieces.length === 0) return [];
  const { agents, isEverybody, queues } = scope;
  const identities = agents.map(({ identity }) => identity);
  const which = tx`
    ${queues === null ? tx`queue_id = ''` : tx`queue_id = any(${[...queues]}::text[])`}
    ${isEverybody ? tx`` : tx`and identity = any(${identities}::text[])`}`;
  return tx<LegGroup[]>`
    select ${placeOf(tx, starts)} as place, ${by === 'agent' ? tx`identity` : tx`''`} as identity,
      sum(answered)::float8 as answered, sum(completed)::float8 as completed, sum(handled)::float8 as handled,
      sum(talk_ms + hold_ms + wrap_up_ms)::float8 as "handleMs"
    from (${unionOf(tx, 'agent_trends', tenantId, pieces, which)}) as piece
    group by 1, 2`;
}

/** The figures of sums; `names` that rest on fewer than the minimum are in `lowSample` [T4]. */
export function figuresOf(sums: ScoreSums, answered: number, minimumSample: number) {
  const isSmall = (size: number) => size > 0 && size < minimumSample;
  return {
    reviews: sums.reviews,
    scored: sums.scored,
    qualityScore: ratio(sums.scoreSum, sums.scored),
    passRate: ratio(sums.passed, sums.judged),
    criticalFailures: sums.criticalFailures,
    reviewed: sums.reviewed,
    answered,
    coverage: ratio(sums.reviewed, answered),
    lowSample: [
      ...(isSmall(sums.scored) ? ['qualityScore'] : []),
      ...(isSmall(sums.judged) ? ['passRate'] : []),
      ...(isSmall(answered) ? ['coverage'] : []),
    ],
  };
}
