import { expect, test } from 'vitest';
import { addressOfProof, daysShown, proofViewOf, weeksOf } from './months.ts';

const TODAY = '2026-11-30';

test('an address is read as it was written; without one it is this month', () => {
  const view = { month: '2026-05-01', day: '2026-05-14' };
  expect(proofViewOf(addressOfProof(view, TODAY).split('?')[1] ?? '', TODAY)).toEqual({ view, problems: [] });
  expect(addressOfProof({ month: '2026-11-01', day: null }, TODAY)).toBe('#/proof');
  expect(proofViewOf('', TODAY).view).toEqual({ month: '2026-11-01', day: null });
});

test('a day long ago brings its month along', () => {
  expect(proofViewOf('day=2026-03-05', TODAY).view).toEqual({ month: '2026-03-01', day: '2026-03-05' });
  expect(proofViewOf('day=2026-09-01', TODAY).view).toEqual({ month: '2026-11-01', day: '2026-09-01' });
});

test.each(['month=2026-13', 'day=2026-02-30', 'month=soon'])('what is no date is told: %s', (query) => {
  expect(proofViewOf(query, TODAY).problems.map(({ kind }) => kind)).toEqual(['date']);
});

test('three months are shown, and nothing of what has not come', () => {
  expect(daysShown('2026-11-01', '2026-11-12')).toEqual({ startDate: '2026-09-01', endDate: '2026-11-12' });
  expect(daysShown('2026-02-01', TODAY)).toEqual({ startDate: '2025-12-01', endDate: '2026-02-28' });
});

test.each([1, 6, 7])(
  'every day of a month is in one week, on its weekday, where weeks start on %i',
  (weekStart) => {
    const weeks = weeksOf('2026-02-01', weekStart);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(weeks.flat().filter((day) => day !== null)).toHaveLength(28);
    for (const week of weeks) {
      week.forEach((day, place) => {
        if (day !== null) expect((new Date(day).getUTCDay() - weekStart + 7) % 7).toBe(place);
      });
    }
  },
);
