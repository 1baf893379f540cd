import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countWithin, histogramPercentiles, together } from './histogram.ts';
import { packWaits, unpackWaits, waitsOf } from './packedWaits.ts';

const histogram = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 5_000_000 })))
  .map((pairs) => new Map(pairs));

it('a packed histogram comes back as it was, and one after the other as their sum', () => {
  fc.assert(
    fc.property(histogram, histogram, (a, b) => {
      expect(unpackWaits(packWaits(a))).toEqual(a);
      const sum = new Map(a);
      for (const [bucket, n] of b) sum.set(bucket, (sum.get(bucket) ?? 0) + n);
      expect(unpackWaits(Uint8Array.from([...packWaits(a), ...packWaits(b)]))).toEqual(sum);
    }),
  );
});

it('[SL0] [V7] packed histograms are counted and ranked where they lie as they would be unpacked', () => {
  fc.assert(
    fc.property(histogram, histogram, fc.integer({ min: 0, max: 900 }), (a, b, seconds) => {
      const both = Uint8Array.from([...packWaits(a), ...packWaits(b)]);
      const ranks = [0, 0.1, 0.5, 0.95, 1];
      for (const waits of [waitsOf(both), together([waitsOf(packWaits(a)), b])]) {
        expect(countWithin(waits, seconds)).toBe(countWithin(unpackWaits(both), seconds));
        expect(histogramPercentiles([waits], ranks)).toEqual(histogramPercentiles([a, b], ranks));
      }
    }),
  );
});

it('[V7] packed waits longer than any before are ranked as well', () => {
  for (const bucket of [1_024, 5_000, 20_000]) {
    const waits = new Map([
      [3, 1],
      [bucket, 2],
    ]);
    expect(histogramPercentiles([waitsOf(packWaits(waits))], [0.1, 0.9])).toEqual(
      histogramPercentiles([waits], [0.1, 0.9]),
    );
    expect(countWithin(waitsOf(packWaits(waits)), bucket - 1)).toBe(1);
  }
});

it('bytes that end in the middle of a number are refused, whatever comes after them', () => {
  const cut: [bytes: number[], end: number][] = [
    [[3, 200], 2],
    [[3, 200, 5], 2],
    [[3, 1, 4], 3],
    [[200, 1, 5], 1],
    [[200, 1, 5], 2],
  ];
  for (const [bytes, end] of cut) {
    const waits = waitsOf(Uint8Array.from(bytes), 0, end);
    expect(() => waits.forEach(() => {}), `${bytes} to ${end}`).toThrow('cut off');
    expect(() => countWithin(waits, 1), `${bytes} to ${end}`).toThrow('cut off');
  }
  expect(() => unpackWaits(Uint8Array.of(3, 200))).toThrow('cut off');
});
