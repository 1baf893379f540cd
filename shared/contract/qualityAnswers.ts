import type { Issue } from './errors.ts';
import type { Criterion, FormContent } from './qualityForms.ts';
import type { CriterionAnswer } from './qualityScores.ts';

/** Whether answers are answers to a form; the same on the page and on the server. Pure. */

/** What a form asks, in its order. */
export function criteriaOf({ sections }: Pick<FormContent, 'sections'>): Criterion[] {
  return sections.flatMap(({ criteria }) => criteria);
}

/** What is wrong with the answers, by `answers.<place>.<field>`; `isWhole`: everything has to be answered. */
export function answerIssues(
  criteria: readonly Criterion[],
  answers: readonly Pick<CriterionAnswer, 'criterionId' | 'points'>[],
  isWhole: boolean,
): Issue[] {
  const asked = new Map(criteria.map((criterion) => [criterion.id, criterion]));
  const seen = new Set<string>();
  const issues = answers.flatMap(({ criterionId, points }, place): Issue[] => {
    const criterion = asked.get(criterionId);
    const at = (field: string, message: string) => [{ path: `answers.${place}.${field}`, message }];
    if (criterion === undefined) return at('criterionId', 'is no criterion of this form');
    if (seen.has(criterionId)) return at('criterionId', 'is answered twice');
    seen.add(criterionId);
    const problem = pointsProblem(criterion, points);
    return problem === null ? [] : at('points', problem);
  });
  if (!isWhole) return issues;
  const missing = criteria.filter(({ id }) => !seen.has(id));
  return [...issues, ...missing.map(({ name }) => ({ path: 'answers', message: `${name} is not answered` }))];
}

export function pointsProblem(
  { scale, possible, allowNotApplicable }: Criterion,
  points: number | null,
): string | null {
  if (points === null) return allowNotApplicable ? null : 'must be given: this one is always applicable';
  if (scale === 'yesNo')
    return points === 0 || points === possible ? null : `must be 0 for no, or ${possible} for yes`;
  if (points < 0 || points > possible) return `must be between 0 and ${possible}`;
  return Number.isInteger(points) ? null : 'must be whole points';
}
