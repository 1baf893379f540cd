import { expect, it } from 'vitest';
import { randomFrom } from '../../shared/random.ts';
import { isoOf } from './isoOf.ts';

it('says what toISOString says', () => {
  const random = randomFrom(40);
  const instants = [
    0,
    1,
    999,
    59_999,
    86_399_999,
    86_400_000,
    Date.UTC(2024, 1, 29, 23, 59, 59, 999),
    1.9,
    -1,
  ];
  instants.push(Date.UTC(9_999, 11, 31, 23, 59, 59, 999), Date.UTC(10_000, 0), Date.UTC(10_000, 0) - 0.5);
  for (let n = 0; n < 10_000; n++) instants.push(Math.floor(random() * Date.UTC(2_100, 0)));
  expect(instants.map(isoOf)).toEqual(instants.map((ms) => new Date(ms).toISOString()));
  expect(() => isoOf(Number.NaN)).toThrow(RangeError);
});
