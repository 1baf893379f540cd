import { expect, it } from 'vitest';
import { percentOf, ratioOf } from './percent.ts';

it('what is written is what is read again', () => {
  for (const text of ['', '0', '5', '7.5', '12.345', '80', '100'])
    expect(percentOf(ratioOf(text))).toBe(text);
  expect(ratioOf('80')).toBe(0.8);
  expect(ratioOf('55')).toBe(0.55);
  expect(percentOf(0.29)).toBe('29');
});
