import { describe, expect, test } from 'vitest';
import { emptyCriterion, emptyForm, moved, sharesOf, withCriterion } from './formEdit.ts';

describe('a form that is written', () => {
  test('a critical criterion is yes or no, and one by points is not critical', () => {
    const critical = withCriterion(emptyForm('a'), 0, 0, { critical: true });
    expect(critical.sections[0]?.criteria[0]).toMatchObject({ critical: true, scale: 'yesNo', possible: 1 });
    const byPoints = withCriterion(critical, 0, 0, { scale: 'points', possible: 5 });
    expect(byPoints.sections[0]?.criteria[0]).toMatchObject({
      critical: false,
      scale: 'points',
      possible: 5,
    });
  });

  test('[Q1] shares are of points times weight', () => {
    const criteria = [
      { ...emptyCriterion('a'), possible: 5, weight: 2 },
      { ...emptyCriterion('b'), possible: 10, weight: 3 },
    ];
    expect([...sharesOf({ sections: [{ name: '', guidance: '', criteria }] })]).toEqual([
      ['a', 0.25],
      ['b', 0.75],
    ]);
  });

  test('what is moved stays within the list', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });
});
