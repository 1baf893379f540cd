import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criterionDifference, differencesOf, isPassed, scoreOf, type Weighed } from './quality.ts';

const FORM: Weighed[] = [
  { id: 'greeting', possible: 5, weight: 1, critical: false },
  { id: 'solution', possible: 10, weight: 3, critical: false },
  { id: 'privacy', possible: 1, weight: 1, critical: true },
];
const given = (answers: Record<string, number | null>) =>
  Object.entries(answers).map(([criterionId, points]) => ({ criterionId, points }));

describe('[Q1] the quality score', () => {
  it.each<[string, Record<string, number | null>, number | null, string[]]>([
    [
      'is the weighted share of the points, of 100',
      { greeting: 4, solution: 7, privacy: 1 },
      (26 / 36) * 100,
      [],
    ],
    ['is 100 with all points', { greeting: 5, solution: 10, privacy: 1 }, 100, []],
    [
      'leaves what is not applicable out of both sums',
      { greeting: null, solution: 7, privacy: 1 },
      (22 / 31) * 100,
      [],
    ],
    [
      'is 0 where a critical criterion failed, and says which',
      { greeting: 5, solution: 10, privacy: 0 },
      0,
      ['privacy'],
    ],
    [
      'is not failed by a critical criterion that is not applicable',
      { greeting: 5, solution: 10, privacy: null },
      100,
      [],
    ],
    [
      'is 0, and nothing failed, where nothing critical was bad',
      { greeting: 0, solution: 0, privacy: null },
      0,
      [],
    ],
    [
      '[T4] is null where nothing was applicable',
      { greeting: null, solution: null, privacy: null },
      null,
      [],
    ],
    ['[T4] is null where nothing is answered', {}, null, []],
    ['counts only what is asked', { greeting: 5, other: 100 }, 100, []],
  ])('%s', (_, answers, score, failedCritical) => {
    const scored = scoreOf(FORM, given(answers));
    expect(scored.failedCritical).toEqual(failedCritical);
    if (score === null) expect(scored.score).toBeNull();
    else expect(scored.score).toBeCloseTo(score, 10);
  });

  it('lies between 0 and 100, and no point more makes it less', () => {
    const criterion = fc.record({
      possible: fc.integer({ min: 1, max: 100 }),
      weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
      critical: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(criterion, fc.nat(100)), { minLength: 1, maxLength: 20 }), (rows) => {
        const criteria = rows.map(([one], place) => ({ ...one, id: String(place) }));
        const answers = rows.map(([{ possible }, points], place) => ({
          criterionId: String(place),
          points: points > possible ? null : points,
        }));
        const { score } = scoreOf(criteria, answers);
        if (score === null) return;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100 + 1e-9);
        const better = answers.map(({ criterionId, points }, place) => ({
          criterionId,
          points: points === null ? null : Math.min(points + 1, criteria[place]?.possible ?? 0),
        }));
        expect(scoreOf(criteria, better).score).toBeGreaterThanOrEqual(score - 1e-9);
      }),
    );
  });
});

describe('[Q2]', () => {
  it('a score passes from the mark on; without a score or a mark nobody can say', () => {
    expect([isPassed(80, 80), isPassed(79.9, 80), isPassed(null, 80), isPassed(90, null)]).toEqual([
      true,
      false,
      null,
      null,
    ]);
  });

  it('calibration is over every two reviewers of a visit', () => {
    expect(differencesOf([80, 90, 60])).toEqual({ sum: 10 + 20 + 30, pairs: 3 });
    expect(differencesOf([80, null])).toEqual({ sum: 0, pairs: 0 });
    expect(differencesOf([])).toEqual({ sum: 0, pairs: 0 });
  });

  it('reviewers are apart about a criterion by the share of its points, and wholly where one found it not applicable', () => {
    const of = (...points: (number | null | undefined)[]) =>
      points.map((one) => ({ points: one, possible: 10 }));
    expect(criterionDifference(of(4, 9, 6))).toBe(0.5);
    expect(criterionDifference(of(4, null))).toBe(1);
    expect(criterionDifference(of(null, null))).toBe(0);
    expect(criterionDifference(of(4, undefined))).toBeNull();
  });
});
