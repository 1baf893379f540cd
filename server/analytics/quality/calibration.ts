import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { CalibrationRow, calibrationAnswer } from '../../../shared/contract/quality.ts';
import { criteriaOf } from '../../../shared/contract/qualityAnswers.ts';
import type { CalibrationQuery } from '../../../shared/contract/qualityQuery.ts';
import { criterionDifference, type Differences, differencesOf } from '../../../shared/metrics/quality.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, isoOf, metaOf, refusal } from '../asked.ts';
import type { People } from '../people.ts';
import { isRecounting } from '../performance/summary.ts';
import { type FormRow, readForms } from './formRows.ts';
import { askScores, type ScoreScope, scoreScope, scoresIn, UUID } from './scope.ts';
import { type KeptScore, readScores } from './scoreRows.ts';

/**
 * Several reviewers of one call [Q2]. Only scores on the same version of a form are held against each other: otherwise the
 * difference would be the forms'.
 */

/** Over every two scores of one call of an agent. */
export async function readPairs(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
): Promise<Differences> {
  const [row] = await tx<Differences[]>`
    with found as materialized (
      select s.id, s.call_id, s.agent_id, s.form_version_id, s.score from call_quality_scores s
      where s.has_others and ${scoresIn(tx, tenantId, scope)}
    )
    select coalesce(sum(abs(one.score - other.score)), 0)::float8 as sum, count(*)::float8 as pairs
    from found one join found other on other.call_id = one.call_id and other.agent_id = one.agent_id
      and other.id > one.id and other.form_version_id = one.form_version_id
    where one.score is not null and other.score is not null`;
  return row ?? { sum: 0, pairs: 0 };
}

/** A call scored by several: whose, and on what. */
interface Several {
  callId: string;
  agentId: string;
  versionId: string;
  /** To the microsecond: a place in the list. */
  place: string;
}

/** The newest calls first. */
export async function calibration(
  asked: Asked,
  query: CalibrationQuery,
): Promise<Computed<z.infer<typeof calibrationAnswer>>> {
  const { centre } = asked;
  const { tenantId } = centre;
  const scope = await scoreScope(asked, query);
  const people = await centre.people();
  const after = query.cursor === undefined ? null : parseCursor(query.cursor);
  const { limit } = query;
  const { pairs, groups, scores, forms } = await askScores(asked, async (tx) => {
    const [pairs, found] = await Promise.all([
      readPairs(tx, tenantId, scope),
      readSeveral(tx, tenantId, scope, after, limit + 1),
    ]);
    const shown = found.slice(0, limit);
    const callIds = [...new Set(shown.map(({ callId }) => callId))];
    const versions = [...new Set(shown.map(({ versionId }) => versionId))];
    const [scores, forms] = await Promise.all([
      readScores(
        tx,
        tenantId,
        tx`s.call_id = any(${callIds}) and ${scoresIn(tx, tenantId, scope)} order by s.signed_at, s.id`,
      ),
      readForms(tx, tenantId, tx`id = any(${versions}::uuid[])`),
    ]);
    return { pairs, groups: found, scores, forms };
  });
  const shown = groups.slice(0, limit);
  const last = groups.length > limit ? shown.at(-1) : undefined;
  const formBy = new Map(forms.map((form) => [form.versionId, form]));
  const data = shown.flatMap((one) => {
    const form = formBy.get(one.versionId);
    const theirs = scores.filter(
      ({ callId, agentId, formVersionId }) =>
        callId === one.callId && agentId === one.agentId && formVersionId === one.versionId,
    );
    return form ? [calibrationRow(theirs, form, one, people)] : [];
  });
  return {
    data,
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      nextCursor: last ? cursorOf(last) : null,
      calibration: ratio(pairs.sum, pairs.pairs),
      pairs: pairs.pairs,
    },
  };
}

function readSeveral(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
  after: Several | null,
  limit: number,
): Promise<Several[]> {
  const key = tx`max(s.called_at), s.call_id, s.agent_id, s.form_version_id`;
  return tx<Several[]>`
    select s.call_id as "callId", s.agent_id as "agentId", s.form_version_id as "versionId",
      to_char(max(s.called_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place
    from call_quality_scores s
    where s.has_others and ${scoresIn(tx, tenantId, scope)} and s.agent_id is not null and s.form_version_id is not null
    group by s.call_id, s.agent_id, s.form_version_id
    having count(*) > 1
      ${after ? tx`and (${key}) < (${after.place}::timestamptz, ${after.callId}, ${after.agentId}, ${after.versionId}::uuid)` : tx``}
    order by max(s.called_at) desc, s.call_id desc, s.agent_id desc, s.form_version_id desc
    limit ${limit}`;
}

function calibrationRow(
  scores: readonly KeptScore[],
  form: FormRow,
  { callId, agentId, place }: Several,
  people: People,
): CalibrationRow {
  const agent = people.find(agentId);
  const values = scores.map(({ score }) => score);
  const known = values.filter((score) => score !== null);
  const { sum, pairs } = differencesOf(values);
  return {
    callId,
    agentId: agent?.agentId ?? agentId,
    agentName: agent?.name ?? agentId,
    calledAt: isoOf(Date.parse(place)),
    formId: form.formId,
    formName: form.name,
    difference: ratio(sum, pairs),
    spread: known.length < 2 ? null : Math.max(...known) - Math.min(...known),
    scores: scores.map(({ id: scoreId, reviewerId, reviewer, score, isPassed }) => ({
      scoreId,
      reviewerId,
      reviewer,
      score,
      isPassed,
    })),
    criteria: criteriaOf(form).map(({ id: criterionId, name, possible }) => {
      const points = scores.map(
        ({ answers }) => answers.find((one) => one.criterionId === criterionId)?.points,
      );
      return {
        criterionId,
        name,
        points: points.map((one) => one ?? null),
        difference: criterionDifference(points.map((one) => ({ points: one, possible }))),
      };
    }),
  };
}

/** A call as lines of a file: one for each score. */
export function linesOf({ scores, criteria: _, ...call }: CalibrationRow): object[] {
  return scores.map((score) => ({ ...call, ...score }));
}

function cursorOf({ place, callId, agentId, versionId }: Several): string {
  return Buffer.from(JSON.stringify([place, versionId, callId, agentId])).toString('base64url');
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

function parseCursor(cursor: string): Several {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [place, versionId, callId, agentId] = Array.isArray(parsed) ? parsed.map(String) : [];
    const isOurs =
      place && INSTANT.test(place) && !Number.isNaN(Date.parse(place)) && versionId && UUID.test(versionId);
    if (isOurs && callId && agentId && !`${callId}${agentId}`.includes('\0'))
      return { place, versionId, callId, agentId };
  } catch {
    // Told below.
  }
  throw refusal('cursor', 'must be one this list gave');
}
