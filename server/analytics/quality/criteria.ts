import type { TransactionSql } from 'postgres';
import type { CriterionFigures } from '../../../shared/contract/quality.ts';
import { criteriaOf } from '../../../shared/contract/qualityAnswers.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { placeOf } from '../performance/visitRows.ts';
import { readForms } from './formRows.ts';
import { type ScoreScope, scoresIn } from './scope.ts';

/** Scores by criterion. Versions may give it other points and another name: shares are of what each version asks. */

interface CriterionSums {
  place: number;
  versionId: string;
  criterionId: string;
  answered: number;
  points: number;
  notApplicable: number;
  criticalFailures: number;
}

function readCriterionSums(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
  { starts = [], criterion }: { starts?: readonly number[]; criterion?: string },
): Promise<CriterionSums[]> {
  return tx<CriterionSums[]>`
    select ${placeOf(tx, starts)} as place, form_version_id as "versionId", answer."criterionId" as "criterionId",
      count(answer.points)::float8 as answered, coalesce(sum(answer.points), 0)::float8 as points,
      count(*) filter (where answer.points is null)::float8 as "notApplicable",
      count(*) filter (where answer."criterionId" = any (failed_critical))::float8 as "criticalFailures"
    from (select s.*, s.called_at as bucket from call_quality_scores s where ${scoresIn(tx, tenantId, scope)}) as found,
      jsonb_to_recordset(found.answers) as answer ("criterionId" text, points float8)
    where form_version_id is not null ${criterion === undefined ? tx`` : tx`and answer."criterionId" = ${criterion}`}
    group by 1, 2, 3`;
}

/** All criteria that were asked, forms in their order, criteria as the newest version of each that was scored on has them. */
export async function criteriaIn(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
): Promise<CriterionFigures[]> {
  const sums = await readCriterionSums(tx, tenantId, scope, {});
  const versions = await readForms(
    tx,
    tenantId,
    tx`id = any(${[...new Set(sums.map((one) => one.versionId))]}::uuid[])`,
  );
  const rows = new Map<string, CriterionFigures & { points: number; possible: number }>();
  // The newest version of a form comes first, and names it.
  for (const version of versions) {
    for (const criterion of criteriaOf(version)) {
      const { id: criterionId, name, critical, possible } = criterion;
      const found = sums.find(
        (one) => one.versionId === version.versionId && one.criterionId === criterionId,
      );
      if (found === undefined) continue;
      const key = `${version.formId} ${criterionId}`;
      const row = rows.get(key) ?? {
        formId: version.formId,
        criterionId,
        name,
        critical,
        answered: 0,
        notApplicable: 0,
        share: null,
        criticalFailures: 0,
        points: 0,
        possible: 0,
      };
      row.answered += found.answered;
      row.notApplicable += found.notApplicable;
      row.criticalFailures += found.criticalFailures;
      row.points += found.points;
      row.possible += found.answered * possible;
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ points, possible, ...row }) => ({
    ...row,
    share: ratio(points, possible),
  }));
}

/** One criterion by step: how many answers, and the share of points. `null` where the form has no such criterion. */
export async function criterionBySteps(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
  { starts, criterion, form }: { starts: readonly number[]; criterion: string; form: string },
): Promise<Map<number, { answered: number; share: number | null }> | null> {
  const versions = await readForms(tx, tenantId, tx`form_id = ${form}`);
  const possibleBy = new Map<string, number>();
  for (const version of versions) {
    const asked = criteriaOf(version).find(({ id }) => id === criterion);
    if (asked) possibleBy.set(version.versionId, asked.possible);
  }
  if (possibleBy.size === 0) return null;
  const steps = new Map<number, { answered: number; points: number; possible: number }>();
  for (const sums of await readCriterionSums(tx, tenantId, scope, { starts, criterion })) {
    const step = steps.get(sums.place) ?? { answered: 0, points: 0, possible: 0 };
    step.answered += sums.answered;
    step.points += sums.points;
    step.possible += sums.answered * (possibleBy.get(sums.versionId) ?? 0);
    steps.set(sums.place, step);
  }
  return new Map(
    [...steps].map(([place, { answered, points, possible }]) => [
      place,
      { answered, share: ratio(points, possible) },
    ]),
  );
}
