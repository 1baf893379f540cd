import { beforeAll, expect, test, vi } from 'vitest';
import { openingTexts } from './openingText.ts';

beforeAll(() => void vi.stubGlobal('navigator', { languages: ['en-GB'] }));

test.each([
  [[1, 2, 3, 4, 5], 'Mon–Fri 08:00–20:00'],
  [[6, 7], 'Sat, Sun 08:00–20:00'],
  [[5, 1, 3, 1], 'Mon, Wed, Fri 08:00–20:00'],
  [[1, 3, 4, 5, 7], 'Mon, Wed–Fri, Sun 08:00–20:00'],
])('days %j read %s', (days, text) => {
  expect(openingTexts([{ days, opens: '08:00', closes: '20:00' }])).toEqual([text]);
});

test('openings are read one after another', () => {
  expect(
    openingTexts([
      { days: [1], opens: '08:00', closes: '12:00' },
      { days: [6], opens: '22:00', closes: '02:00' },
    ]),
  ).toEqual(['Mon 08:00–12:00', 'Sat 22:00–02:00']);
});
