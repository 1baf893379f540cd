import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWait,
  ascending,
  countWithin,
  exactPercentiles,
  histogramPercentiles,
  type WaitHistogram,
} from './histogram.ts';

const waits = fc.array(fc.integer({ min: 0, max: 7_200_000 }), { minLength: 1, maxLength: 300 });

function histogramOf(list: number[]): WaitHistogram {
  const histogram: WaitHistogram = new Map();
  for (const wait of list) addWait(histogram, wait, 1);
  return histogram;
}

describe('wait histogram', () => {
  it('[SL0] counts waits ≤ T exactly for every whole-second T up to 600 s', () => {
    fc.assert(
      fc.property(waits, fc.integer({ min: 0, max: 600 }), (list, seconds) => {
        expect(countWithin(histogramOf(list), seconds)).toBe(
          list.filter((ms) => ms <= seconds * 1_000).length,
        );
      }),
    );
  });

  it('[V7] percentiles are within 1 s or 1 % of exact, whichever is larger', () => {
    fc.assert(
      fc.property(waits, (list) => {
        const ranks = [0.5, 0.8, 0.9, 0.95];
        const near = histogramPercentiles([histogramOf(list)], ranks);
        const exact = exactPercentiles([ascending([list])], ranks);
        ranks.forEach((_, i) => {
          const truth = exact[i] ?? 0;
          expect(Math.abs((near[i] ?? 0) - truth)).toBeLessThanOrEqual(Math.max(1_000, truth * 0.0101));
        });
      }),
    );
  });

  it('[V7] exact percentiles of several lists are those of all their waits in one', () => {
    fc.assert(
      fc.property(fc.array(waits, { maxLength: 5 }), (lists) => {
        const sorted = lists.flat().sort((a, b) => a - b);
        const ranks = [0, 0.5, 0.9, 1];
        const nearest = ranks.map((rank) => sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? null);
        expect(
          exactPercentiles(
            lists.map((list) => ascending([list])),
            ranks,
          ),
        ).toEqual(nearest);
      }),
    );
  });

  it('[L11] taking out what was put in leaves nothing', () => {
    fc.assert(
      fc.property(waits, (list) => {
        const histogram = histogramOf(list);
        for (const wait of list) addWait(histogram, wait, -1);
        expect(histogram.size).toBe(0);
      }),
    );
  });

  it('[T4] has no percentile of nothing', () => {
    expect(histogramPercentiles([], [0.9])).toEqual([null]);
    expect(exactPercentiles([], [0.9])).toEqual([null]);
  });
});
