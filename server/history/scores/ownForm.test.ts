import { describe, expect, it } from 'vitest';
import { eventScore, type OwnForm } from './ownForm.ts';

const criterion = {
  guidance: '',
  scale: 'points',
  possible: 10,
  weight: 1,
  critical: false,
  allowNotApplicable: false,
} as const;
const FORM: OwnForm = {
  formId: 'f',
  versionId: 'v',
  name: 'Call review',
  passMark: 80,
  sections: [
    {
      name: 'All',
      guidance: '',
      criteria: [
        { ...criterion, id: 'tone', name: 'Tone' },
        { ...criterion, id: 'help', name: 'Solution', weight: 3 },
        { ...criterion, id: 'law', name: 'Data protection', scale: 'yesNo', possible: 1, critical: true },
      ],
    },
  ],
};

describe('[Q1] a review an integrator sends', () => {
  it('of our form is scored by it, by ids or names of criteria', () => {
    const scored = eventScore(FORM, { answers: { tone: 8, Solution: 9, 'Data protection': true }, score: 3 });
    expect(scored).toMatchObject({ form: { versionId: 'v' }, isPassed: true, failedCritical: [] });
    expect(scored.score).toBeCloseTo(((8 + 27 + 1) / 41) * 100, 10);
    expect(scored.answers.map(({ criterionId, points }) => [criterionId, points])).toEqual([
      ['tone', 8],
      ['help', 9],
      ['law', 1],
    ]);
  });

  it('is 0 where a critical criterion failed, and says which', () => {
    const scored = eventScore(FORM, { answers: { tone: 10, help: 10, law: false } });
    expect(scored).toMatchObject({ score: 0, isPassed: false, failedCritical: ['law'] });
  });

  it('leaves what is null or not answered out; [T4] all of it is no score', () => {
    expect(eventScore(FORM, { answers: { tone: 5, help: null } }).score).toBe(50);
    expect(eventScore(FORM, { answers: { tone: null } })).toMatchObject({
      form: { formId: 'f' },
      score: null,
    });
  });

  it.each([
    ['a criterion it does not ask', { tone: 5, other: 1 }],
    ['more points than there are', { tone: 11 }],
    ['fewer than none', { tone: -1 }],
    ['text where points belong', { tone: 'good' }],
    ['something between yes and no', { law: 0.5 }],
  ])('answered otherwise than the form asks, with %s, keeps the source’s own score', (_, answers) => {
    expect(eventScore(FORM, { answers, score: 71 })).toMatchObject({ form: null, score: 71, isPassed: null });
    expect(eventScore(FORM, { answers }).score).toBeNull();
  });

  it('of a form that is not ours keeps its answers', () => {
    expect(eventScore(null, { answers: { a: 3, b: true, c: 'hm', d: null }, score: 50 }).answers).toEqual([
      { criterionId: 'a', points: 3, comment: '' },
      { criterionId: 'b', points: 1, comment: '' },
      { criterionId: 'c', points: null, comment: 'hm' },
      { criterionId: 'd', points: null, comment: '' },
    ]);
  });
});
