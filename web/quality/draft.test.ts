import { describe, expect, test } from 'vitest';
import type { Criterion } from '../../shared/contract/qualityForms.ts';
import { answered, answersIn, choicesOf, commented, keyed, sentOf, standingOf } from './draft.ts';

const criterion = (id: string, part: Partial<Criterion> = {}): Criterion => ({
  id,
  name: id,
  guidance: '',
  scale: 'points',
  possible: 5,
  weight: 1,
  critical: false,
  allowNotApplicable: false,
  ...part,
});
const tone = criterion('tone');
const identity = criterion('identity', { scale: 'yesNo', possible: 10, critical: true });
const offer = criterion('offer', { possible: 10, allowNotApplicable: true });
const form = {
  passMark: 80,
  sections: [
    { name: 'One', guidance: '', criteria: [tone, identity] },
    { name: 'Two', guidance: '', criteria: [offer] },
  ],
};

describe('a draft', () => {
  test('[Q1] comes to the score of what is answered, and names what is missing', () => {
    const some = answered(answered({}, 'tone', 4), 'offer', null);
    expect(standingOf(form, some)).toEqual({
      score: 80,
      isPassed: true,
      failedCritical: [],
      missing: [identity],
    });
    const failed = standingOf(form, answered(some, 'identity', 0));
    expect(failed).toMatchObject({ score: 0, isPassed: false, failedCritical: ['identity'], missing: [] });
  });

  test('is sent in the form’s order, without what has no points yet, whose comment waits', () => {
    const some = commented(commented(answered({}, 'offer', 7), 'offer', ' well '), 'tone', 'later');
    expect(sentOf(form, some)).toEqual([{ criterionId: 'offer', points: 7, comment: 'well' }]);
    const all = answered(some, 'tone', 3);
    expect(sentOf(form, all)[0]).toEqual({ criterionId: 'tone', points: 3, comment: 'later' });
    expect(sentOf(form, answersIn(sentOf(form, all)))).toEqual(sentOf(form, all));
  });
});

describe('keys', () => {
  test.each([
    ['digits are points', tone, '4', 4],
    ['as many as there are', tone, '6', undefined],
    ['more than nine are typed', offer, '7', undefined],
    ['x is not applicable', offer, 'x', null],
    ['where that is allowed', tone, 'x', undefined],
    ['y is all of it', identity, 'Y', 10],
    ['n is none', identity, 'n', 0],
    ['digits answer no question', identity, '1', undefined],
    ['others do nothing', tone, 'Tab', undefined],
  ])('%s', (_claim, asked, key, points) => {
    expect(keyed(asked, key)).toBe(points);
  });

  test('choices begin with the most', () => {
    expect(choicesOf(criterion('a', { possible: 2, allowNotApplicable: true }))).toEqual([2, 1, 0, null]);
    expect(choicesOf(identity)).toEqual([10, 0]);
  });
});
