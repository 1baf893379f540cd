import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { scoresAnswer } from '../../../shared/contract/quality.ts';
import type { ScoresQuery } from '../../../shared/contract/qualityQuery.ts';
import type { ReviewCount } from '../../../shared/contract/qualityScores.ts';
import { cursorOf, parseCursor } from '../../db/instantCursor.ts';
import { type Asked, metaOf, refusal } from '../asked.ts';
import { isRecounting } from '../performance/summary.ts';
import { askScores, scoreScope, scoresIn } from './scope.ts';
import { readScores, rowOf } from './scoreRows.ts';

/** Over `s`: the reviews that any of these counts. */
function anyOf(tx: TransactionSql, counts: readonly ReviewCount[]) {
  const counted = (count: ReviewCount) => {
    switch (count) {
      case 'reviews':
        return tx`s.state <> 'draft'`;
      case 'scored':
        return tx`s.score is not null`;
      case 'judged':
        return tx`s.is_passed is not null`;
      case 'passed':
        return tx`s.is_passed is true`;
      case 'criticalFailures':
        return tx`s.failed_critical <> '{}'`;
      case 'knownReviews':
        return tx`s.is_call_known`;
    }
  };
  return tx`(${counts.map(counted).reduce((all, one) => tx`${all} or ${one}`)})`;
}

/** Single scores, the newest calls first; drafts where they are asked for, and then one's own. */
export async function scoreList(
  asked: Asked,
  query: ScoresQuery,
  accountId: string,
): Promise<Computed<z.infer<typeof scoresAnswer>>> {
  const { centre } = asked;
  const scope = await scoreScope(asked, query);
  const people = await centre.people();
  const after = query.cursor === undefined ? null : parseCursor(query.cursor);
  if (query.cursor !== undefined && (after === null || Number.isNaN(Date.parse(after.at))))
    throw refusal('cursor', 'must be one this list gave');
  const { state, origin, callId, minScore, maxScore, passed, critical, limit } = query;
  const { counted, notCounted } = query;
  const found = await askScores(asked, (tx) => {
    const conditions = [
      tx`(s.state <> 'draft' or s.reviewer_id = ${accountId})`,
      state === undefined ? tx`s.state <> 'draft'` : tx`s.state = any(${[...state]}::text[])`,
      ...(origin === undefined ? [] : [tx`s.origin = ${origin}`]),
      ...(callId === undefined ? [] : [tx`s.call_id = ${callId}`]),
      ...(minScore === undefined ? [] : [tx`s.score >= ${minScore}`]),
      ...(maxScore === undefined ? [] : [tx`s.score <= ${maxScore}`]),
      ...(passed === undefined ? [] : [tx`s.is_passed = ${passed}`]),
      ...(critical === undefined ? [] : [tx`(s.failed_critical <> '{}') = ${critical}`]),
      ...(counted === undefined ? [] : [anyOf(tx, counted)]),
      ...(notCounted === undefined ? [] : [tx`not ${anyOf(tx, notCounted)}`]),
      ...(after ? [tx`(s.called_at, s.id) < (${after.at}::timestamptz, ${after.id}::uuid)`] : []),
    ].reduce((all, one) => tx`${all} and ${one}`);
    return readScores(
      tx,
      centre.tenantId,
      tx`${scoresIn(tx, centre.tenantId, scope, true)} and ${conditions}
        order by s.called_at desc, s.id desc limit ${limit + 1}`,
    );
  });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    data: shown.map((kept) => rowOf(kept, centre, people)),
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      nextCursor: last ? cursorOf({ at: last.place, id: last.id }) : null,
    },
  };
}
