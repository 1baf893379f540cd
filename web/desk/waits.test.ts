import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWait, type WaitHistogram } from '../../shared/metrics/histogram.ts';
import { waitRows } from '../../shared/metrics/waitRows.ts';
import { barsOf } from './waits.ts';

const rowsOf = (answered: readonly number[], abandoned: readonly number[]) => {
  const histogramOf = (waits: readonly number[]): WaitHistogram => {
    const histogram: WaitHistogram = new Map();
    for (const wait of waits) addWait(histogram, wait, 1);
    return histogram;
  };
  const waits = {
    answeredWaits: histogramOf(answered),
    abandonedWaits: histogramOf(abandoned),
    callbackWaits: new Map(),
    otherWaits: new Map(),
  };
  return waitRows([{ waits, shortAbandonSeconds: 5 }], []);
};

describe('bars of waits', () => {
  it('[V7] hold every wait once, each in the bar it lies in, however long it was', () => {
    const waits = fc.array(fc.oneof(fc.nat(20_000), fc.nat(7_200_000)), { maxLength: 80 });
    fc.assert(
      fc.property(waits, waits, fc.integer({ min: 11, max: 60 }), (answered, abandoned, room) => {
        const { bars, endSeconds } = barsOf(rowsOf(answered, abandoned), room);
        expect(bars.length).toBeLessThanOrEqual(Math.min(room, 41));
        expect(endSeconds).toBeLessThanOrEqual(600);
        const inside = (ms: number, from: number, to: number | null) =>
          (ms > from * 1_000 || (ms === 0 && from === 0)) && (to === null || ms <= to * 1_000);
        for (const bar of bars) {
          const count = (of: readonly number[]) =>
            of.filter((ms) => inside(ms, bar.fromSeconds, bar.toSeconds)).length;
          expect(bar).toMatchObject({ answered: count(answered), abandoned: count(abandoned) });
        }
      }),
    );
  });

  it('are of a round width that shows nearly all, and a single endless wait does not push the others together', () => {
    const many = Array.from({ length: 99 }, (_, place) => place * 1_000);
    const { bars, endSeconds } = barsOf(rowsOf([...many, 3_600_000], []));
    expect(endSeconds).toBe(100);
    expect(bars.at(-1)).toMatchObject({ fromSeconds: 100, toSeconds: null, answered: 1 });
    expect(bars[0]).toMatchObject({ fromSeconds: 0, toSeconds: 5, answered: 6 });
  });
});
