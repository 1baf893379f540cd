import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countsOf } from './columns.ts';

it('counts come out of a list as they were put into it, up to the largest there may be', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { minLength: 1 }), (counts) => {
      expect([...countsOf(counts.join(','), counts.length)]).toEqual(counts);
    }),
  );
});

it('a list of anything else, or of more or fewer, is refused', () => {
  for (const text of ['1,-2', '1,2.5', '1,1e+15', '1, 2', '1,NULL'])
    expect(() => countsOf(text, 2), text).toThrow('no whole number');
  for (const text of ['1', '1,2,3', '']) expect(() => countsOf(text, 2), text).toThrow('in place of 2');
});
