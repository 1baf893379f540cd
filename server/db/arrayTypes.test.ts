import { expect, it } from 'vitest';
import { numbers } from './arrayTypes.ts';

it('reads arrays of numbers as PostgreSQL writes them', () => {
  const items = [
    ['0', 0],
    ['-7', -7],
    ['1234567', 1_234_567],
    ['999999999999999', 999_999_999_999_999],
    ['9007199254740993', 9_007_199_254_740_992],
    ['0.1', 0.1],
    ['-2.5e-07', -2.5e-7],
    ['1.2345e+21', 1.2345e21],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['NULL', null],
    ['12', 12],
  ] as const;
  expect(numbers(`{${items.map(([text]) => text).join(',')}}`)).toEqual(items.map(([, value]) => value));
  expect(numbers('{}')).toEqual([]);
  expect(numbers('{5}')).toEqual([5]);
});
