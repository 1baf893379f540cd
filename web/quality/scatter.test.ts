import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf, placeOn } from './scatter.ts';

describe('an axis', () => {
  it('is as long as its values are apart, in round steps, and ends where figures can', () => {
    expect(axisOf([240_000, 271_000, 335_000], 'duration').ticks).toEqual([
      210_000, 240_000, 270_000, 300_000, 330_000, 360_000,
    ]);
    expect(axisOf([71.2, 99.5], 'decimal').ticks).toEqual([70, 80, 90, 100]);
    expect(axisOf([1, 1], 'percent').ticks).toEqual([0.99, 1]);
    expect(axisOf([0, 100], 'decimal').ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(axisOf([], 'duration').ticks).toEqual([0, 60_000]);
  });

  it.each([
    ['decimal', 100],
    ['percent', 1],
    ['duration', 90_000_000],
  ] as const)('of %s has a place between its ends for every value', (kind, highest) => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: highest, noNaN: true }), { minLength: 1 }), (values) => {
        const axis = axisOf(values, kind);
        expect(axis.ticks.length).toBeGreaterThan(1);
        expect(axis.ticks.length).toBeLessThanOrEqual(6);
        for (const value of values) {
          expect(placeOn(axis, value)).toBeGreaterThanOrEqual(-1e-9);
          expect(placeOn(axis, value)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });
});
