import type { EventOf } from '../../../shared/contract/events.ts';
import { criteriaOf } from '../../../shared/contract/qualityAnswers.ts';
import type { Criterion, FormContent } from '../../../shared/contract/qualityForms.ts';
import type { CriterionAnswer } from '../../../shared/contract/qualityScores.ts';
import { isPassed, scoreOf } from '../../../shared/metrics/quality.ts';

/** What a review that an integrator sends says. Pure. */

/** `form` null: not one of ours, or answered otherwise than it asks; the score is then the source's own. */
export interface EventScore {
  form: OwnForm | null;
  answers: CriterionAnswer[];
  score: number | null;
  isPassed: boolean | null;
  failedCritical: string[];
}

export interface OwnForm extends Pick<FormContent, 'name' | 'passMark' | 'sections'> {
  formId: string;
  versionId: string;
}

type Review = Pick<EventOf<'quality.scored'>, 'answers' | 'score'>;

/**
 * Of our form, by ids or names of its criteria: points, true or false for all of them or none, null for not applicable; what is
 * not answered is not applicable. Its score is ours to compute [Q1].
 */
export function eventScore(form: OwnForm | null, { answers, score }: Review): EventScore {
  const own = form && ownAnswers(criteriaOf(form), answers);
  if (form && own) {
    const scored = scoreOf(criteriaOf(form), own);
    return { form, answers: own, ...scored, isPassed: isPassed(scored.score, form.passMark) };
  }
  const given = Object.entries(answers).map(([criterionId, said]): CriterionAnswer => {
    if (typeof said === 'string') return { criterionId, points: null, comment: said };
    return { criterionId, points: said === null ? null : Number(said), comment: '' };
  });
  return { form: null, answers: given, score: score ?? null, isPassed: null, failedCritical: [] };
}

/** In the form's order; null where the form does not ask, or take, that. */
function ownAnswers(criteria: readonly Criterion[], answers: Review['answers']): CriterionAnswer[] | null {
  const left = new Map(Object.entries(answers));
  const own: CriterionAnswer[] = [];
  for (const criterion of criteria) {
    const { id, name, possible } = criterion;
    const key = left.has(id) ? id : name;
    const said = left.get(key);
    if (said === undefined) continue;
    left.delete(key);
    if (typeof said === 'string') return null;
    const points = typeof said === 'boolean' ? Number(said) * possible : said;
    // An integrator's “not applicable” is taken as it is, and so are parts of a point.
    const isTaken =
      criterion.scale === 'yesNo' ? points === 0 || points === possible : isWithin(points, possible);
    if (points !== null && !isTaken) return null;
    own.push({ criterionId: id, points, comment: '' });
  }
  return left.size === 0 ? own : null;
}

function isWithin(points: number | null, possible: number): boolean {
  return points !== null && points >= 0 && points <= possible;
}
