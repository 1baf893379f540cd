import { beforeAll, describe, expect, it, vi } from 'vitest';
import { csvOf } from './csv.ts';
import { calculable, changeOf, durationTicks, written, writtenTarget } from './measures.ts';
import { columnsOf, timeOf } from './pattern.ts';
import { namedSteps } from './points.ts';

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
  return () => vi.unstubAllGlobals();
});

describe('a change', () => {
  it.each([
    ['offered', 110, 100, '10%', 'more'],
    ['offered', 100, 100, '0%', 'same'],
    ['timedOut', 98, 100, '2%', 'fewer'],
    ['serviceLevel', 0.8, 0.85, '5.0', 'worsePoints'],
    ['serviceLevel', 0.8001, 0.8, '0.0', 'same'],
    ['asaMs', 30_000, 22_000, '0:08', 'slower'],
    ['ahtMs', 100_000, 130_500, '0:30', 'shorter'],
    ['occupancy', 0.7, 0.6, '10.0', 'higherPoints'],
  ])('of %s from %d to %d … is %s %s', (metric, now, before, amount, word) => {
    expect(changeOf(metric, now, before)).toEqual({ amount, word });
  });

  it('[T4] of nothing, to nothing, or from none is none', () => {
    expect(changeOf('serviceLevel', null, 0.5)).toBeNull();
    expect(changeOf('serviceLevel', 0.5, undefined)).toBeNull();
    expect(changeOf('offered', 5, 0)).toBeNull();
  });
});

describe('figures', () => {
  it('for people have their unit, for spreadsheets are plain', () => {
    expect([written(0.8425, 'percent'), written(83_000, 'duration'), written(5_400_000, 'hours')]).toEqual([
      '84.3%',
      '1:23',
      '1.5h',
    ]);
    expect([written(0.8, 'target'), written(0.825, 'target'), writtenTarget('asaMs', 20_000)]).toEqual([
      '80%',
      '82.5%',
      '0:20',
    ]);
    expect([
      calculable(0.8425, 'percent'),
      calculable(83_000, 'duration'),
      calculable(null, 'count'),
    ]).toEqual(['84.25', '83', '']);
  });

  it('[S71] a file has no formulas, and quotes what would break a line', () => {
    expect(csvOf([['=1+1', '-5', '@x', 'a,b', 'say "no"', '-cmd']])).toBe(
      `\ufeff'=1+1,-5,'@x,"a,b","say ""no""",'-cmd\r\n`,
    );
  });

  it('an axis has three to six round ticks and holds the highest', () => {
    for (const highest of [0, 900, 9_000, 61_000, 3_600_000, 90_000_000]) {
      const ticks = durationTicks(highest);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
    }
  });

  it('names below an axis are even, and no more than there is room for', () => {
    expect(namedSteps(12, 12, [1, 2, 4])).toHaveLength(12);
    expect(namedSteps(96, 14, [1, 2, 4, 8, 12])).toEqual(Array.from({ length: 12 }, (_, place) => place * 8));
    expect(namedSteps(5, 0, [1])).toEqual([0]);
  });
});

describe('the pattern of a week', () => {
  const row = (startMinutes: number) => ({ startMinutes, received: 1, signedInMs: 0 });

  it('has the times from the first to the last with anything, in the order of a day that starts then', () => {
    expect(columnsOf([row(600), row(480)], 60, 0)).toEqual([480, 540, 600]);
    expect(columnsOf([row(1_380), row(60)], 60, 360)).toEqual([1_380, 0, 60]);
    expect(columnsOf([{ ...row(0), received: 0 }], 60, 0)).toEqual([]);
    expect(timeOf(510)).toBe('08:30');
  });
});
