import type { TransactionSql } from 'postgres';
import type { CriterionFigures } from '../../../shared/contract/quality.ts';
import { criteriaOf } from '../../../shared/contract/qualityAnswers.ts';
import { type PointSums, pointSums } from '../../../shared/metrics/packedPoints.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { placeOf } from '../performance/visitRows.ts';
import { type FormRow, readForms } from './formRows.ts';
import { type ScoreScope, scoresIn } from './scope.ts';

/** Scores by criterion. Versions may give it other points and another name: shares are of what each version asks. */

/** Reviews of one step and version, packed one after the other, each so many bytes long. */
interface PackedReviews {
  place: number;
  versionId: string;
  bytes: number;
  packed: Uint8Array;
}

/** Added up here: to take answers apart in the database takes thirty times as long. */
function readPoints(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
  starts: readonly number[],
): Promise<PackedReviews[]> {
  return tx<PackedReviews[]>`
    select ${placeOf(tx, starts)} as place, form_version_id as "versionId", octet_length(points) as bytes,
      string_agg(points, ''::bytea) as packed
    from (select s.*, s.called_at as bucket from call_quality_scores s where ${scoresIn(tx, tenantId, scope)}) as found
    where points is not null
    group by 1, 2, 3`;
}

/** What some reviews gave the criteria of a version, in its order. */
function sumsOf({ packed, bytes }: PackedReviews, version: FormRow) {
  const criteria = criteriaOf(version);
  const sums = pointSums(packed, bytes, criteria.length);
  return criteria.flatMap((criterion, place) => {
    const given = sums[place];
    return given ? [{ criterion, given }] : [];
  });
}

const wasAsked = ({ answered, notApplicable }: PointSums) => answered + notApplicable > 0;

/** All criteria that were asked, forms in their order, criteria as the newest version of each that was scored on has them. */
export async function criteriaIn(
  tx: TransactionSql,
  tenantId: string,
  scope: ScoreScope,
): Promise<CriterionFigures[]> {
  const reviews = await readPoints(tx, tenantId, scope, []);
  const versions = await readForms(
    tx,
    tenantId,
    tx`id = any(${[...new Set(reviews.map((one) => one.versionId))]}::uuid[])`,
  );
  const rows = new Map<string, CriterionFigures & { points: number; possible: number }>();
  // The newest version of a form comes first, and names it.
  for (const version of versions) {
    const own = reviews.filter(({ versionId }) => versionId === version.versionId);
    for (const { criterion, given } of own.flatMap((one) => sumsOf(one, version))) {
      if (!wasAsked(given)) continue;
      const { id: criterionId, name, critical, possible } = criterion;
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
      row.answered += given.answered;
      row.notApplicable += given.notApplicable;
      row.criticalFailures += critical ? given.failed : 0;
      row.points += given.points;
      row.possible += given.answered * possible;
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
  const asking = new Map(
    versions
      .filter((version) => criteriaOf(version).some(({ id }) => id === criterion))
      .map((version) => [version.versionId, version]),
  );
  if (asking.size === 0) return null;
  const steps = new Map<number, { answered: number; points: number; possible: number }>();
  for (const reviews of await readPoints(tx, tenantId, scope, starts)) {
    const version = asking.get(reviews.versionId);
    const found = version && sumsOf(reviews, version).find((one) => one.criterion.id === criterion);
    if (!found || !wasAsked(found.given)) continue;
    const { answered, points } = found.given;
    const step = steps.get(reviews.place) ?? { answered: 0, points: 0, possible: 0 };
    step.answered += answered;
    step.points += points;
    step.possible += answered * found.criterion.possible;
    steps.set(reviews.place, step);
  }
  return new Map(
    [...steps].map(([place, { answered, points, possible }]) => [
      place,
      { answered, share: ratio(points, possible) },
    ]),
  );
}
