import { describe, expect, it } from 'vitest';
import { trendAxis } from './trendAxis.ts';

describe('the axis of a line of quality', () => {
  it.each([
    ['scores that lie close', [80.2, 94.6], 'decimal', [75, 80, 85, 90, 95, 100]],
    ['all there are', [0, 100], 'decimal', [0, 20, 40, 60, 80, 100]],
    ['one value, a tenth wide and more', [88], 'decimal', [80, 85, 90, 95]],
    ['a highest one', [1], 'percent', [0.94, 0.96, 0.98, 1]],
  ] as const)('is about its values: %s', (_, values, kind, ticks) => {
    const axis = trendAxis(values, kind) ?? [];
    expect(axis.map((tick) => Math.round(tick * 100) / 100)).toEqual(ticks);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(axis[0] ?? Number.NaN);
      expect(value).toBeLessThanOrEqual(axis.at(-1) ?? Number.NaN);
    }
  });

  it('is from zero for counts, and where there is nothing', () => {
    expect(trendAxis([80, 95], 'count')).toBeUndefined();
    expect(trendAxis([], 'decimal')).toBeUndefined();
  });
});
