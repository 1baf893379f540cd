/** What reviews of calls say in numbers [Q1] [Q2]. Pure. */

/** What is asked of a call; points from 0 to `possible`. */
export interface Weighed {
  id: string;
  possible: number;
  weight: number;
  critical: boolean;
}

/** Null points: not applicable. */
export interface Given {
  criterionId: string;
  points: number | null;
}

export interface Scored {
  /** 0–100; null where nothing was applicable [T4]. */
  score: number | null;
  /** Ids of critical criteria without a point, in the form's order: any of them makes the score 0. */
  failedCritical: string[];
}

/**
 * [Q1] Σ (points × weight) / Σ (possible × weight) × 100 over what was answered and applicable. Each criterion is answered
 * once at most; answers to what is not asked count nothing.
 */
export function scoreOf(criteria: readonly Weighed[], answers: readonly Given[]): Scored {
  const given = new Map(answers.map(({ criterionId, points }) => [criterionId, points]));
  const failedCritical: string[] = [];
  let [sum, possible] = [0, 0];
  for (const criterion of criteria) {
    const points = given.get(criterion.id) ?? null;
    if (points === null) continue;
    sum += points * criterion.weight;
    possible += criterion.possible * criterion.weight;
    if (criterion.critical && points === 0) failedCritical.push(criterion.id);
  }
  if (possible === 0) return { score: null, failedCritical };
  return { score: failedCritical.length > 0 ? 0 : (sum / possible) * 100, failedCritical };
}

/** [Q2] Null where there is no score or no mark to hold it to. */
export function isPassed(score: number | null, passMark: number | null): boolean | null {
  return score === null || passMark === null ? null : score >= passMark;
}

/** Sums of the absolute differences between every two of some reviewers, in points, and how many pairs that were. */
export interface Differences {
  sum: number;
  pairs: number;
}

/** [Q2] Of one visit's scores; null ones are compared with nothing. */
export function differencesOf(scores: readonly (number | null)[]): Differences {
  const known = scores.filter((score) => score !== null);
  let [sum, pairs] = [0, 0];
  for (const [place, one] of known.entries()) {
    for (const other of known.slice(place + 1)) {
      sum += Math.abs(one - other);
      pairs++;
    }
  }
  return { sum, pairs };
}

/**
 * How far reviewers are apart about one criterion: highest less lowest share of the possible points, 0–1. Whoever found it
 * not applicable is as far from one who scored it as can be. Null for fewer than two answers; `undefined` is no answer.
 */
export function criterionDifference(
  answers: readonly { points: number | null | undefined; possible: number }[],
): number | null {
  const given = answers.filter(({ points }) => points !== undefined);
  if (given.length < 2) return null;
  const shares = given.flatMap(({ points, possible }) =>
    typeof points === 'number' ? [points / possible] : [],
  );
  if (shares.length === 0) return 0;
  return shares.length < given.length ? 1 : Math.max(...shares) - Math.min(...shares);
}
