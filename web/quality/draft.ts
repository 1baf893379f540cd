import { criteriaOf, pointsProblem } from '../../shared/contract/qualityAnswers.ts';
import type { Criterion, FormContent } from '../../shared/contract/qualityForms.ts';
import type { CriterionAnswer } from '../../shared/contract/qualityScores.ts';
import { isPassed, scoreOf } from '../../shared/metrics/quality.ts';

/** What somebody has answered of a form so far; `points` undefined: not yet, null: not applicable. Pure. */
export type Answers = Readonly<Record<string, { points: number | null | undefined; comment: string }>>;

export function answersIn(answers: readonly CriterionAnswer[]): Answers {
  return Object.fromEntries(
    answers.map(({ criterionId, points, comment }) => [criterionId, { points, comment }]),
  );
}

/** In the form's order, as they are sent: what has no points yet waits, its comment with it. */
export function sentOf(form: Pick<FormContent, 'sections'>, answers: Answers): CriterionAnswer[] {
  return criteriaOf(form).flatMap(({ id }) => {
    const { points, comment } = answers[id] ?? NONE;
    return points === undefined ? [] : [{ criterionId: id, points, comment: comment.trim() }];
  });
}

/** Whether a comment waits for the points it is sent with. */
export function isCommentWaiting(answers: Answers): boolean {
  return Object.values(answers).some(({ points, comment }) => points === undefined && comment.trim() !== '');
}

const NONE = { points: undefined, comment: '' };

export function answered(answers: Answers, id: string, points: number | null | undefined): Answers {
  return { ...answers, [id]: { ...(answers[id] ?? NONE), points } };
}

export function commented(answers: Answers, id: string, comment: string): Answers {
  return { ...answers, [id]: { ...(answers[id] ?? NONE), comment } };
}

/** What the answers so far come to, and what is missing. */
export function standingOf(
  form: Pick<FormContent, 'sections' | 'passMark'>,
  answers: Answers,
): { score: number | null; isPassed: boolean | null; failedCritical: string[]; missing: Criterion[] } {
  const criteria = criteriaOf(form);
  const { score, failedCritical } = scoreOf(criteria, sentOf(form, answers));
  return {
    score,
    failedCritical,
    isPassed: isPassed(score, form.passMark),
    missing: criteria.filter(({ id }) => answers[id]?.points === undefined),
  };
}

/** Up to so many points each is a key; more are typed. */
const KEYED_POINTS = 9;

export function isKeyed({ scale, possible }: Pick<Criterion, 'scale' | 'possible'>): boolean {
  return scale === 'yesNo' || possible <= KEYED_POINTS;
}

/** What can be chosen of a criterion that is keyed, the most first. */
export function choicesOf(criterion: Criterion): (number | null)[] {
  const { scale, possible, allowNotApplicable } = criterion;
  const points =
    scale === 'yesNo' ? [possible, 0] : Array.from({ length: possible + 1 }, (_, less) => possible - less);
  return allowNotApplicable ? [...points, null] : points;
}

/** What a key answers of a criterion; undefined: nothing. `y` and `n`, digits, `x` for not applicable. */
export function keyed(criterion: Criterion, key: string): number | null | undefined {
  const { scale, possible, allowNotApplicable } = criterion;
  const name = key.toLowerCase();
  if (name === 'x') return allowNotApplicable ? null : undefined;
  if (scale === 'yesNo') return name === 'y' ? possible : name === 'n' ? 0 : undefined;
  if (!isKeyed(criterion) || !/^\d$/.test(key)) return undefined;
  return pointsProblem(criterion, Number(key)) === null ? Number(key) : undefined;
}
