import { beforeAll, describe, expect, it, vi } from 'vitest';
import { formatChange, formatCount, formatDuration, formatPercent, ownRegion } from './format.ts';

describe('figures', () => {
  beforeAll(() => {
    vi.stubGlobal('navigator', { languages: ['en-US'] });
    return () => vi.unstubAllGlobals();
  });
  const SECOND_MS = 1_000;
  const DAY_MS = 86_400_000;

  it.each([
    [42 * SECOND_MS, '0:42'],
    [725 * SECOND_MS, '12:05'],
    [3_870 * SECOND_MS, '1:04:30'],
    [99.99 * 3_600_000, '99:59:24'],
    [5 * DAY_MS, '5d'],
    [999 * DAY_MS, '999d'],
    [20_780 * DAY_MS, '56y'],
    [-3 * SECOND_MS, '0:00'],
    [Number.NaN, '–'],
    [null, '–'],
  ])('a duration of %s ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [1_744, '1,744'],
    [9_999_999, '9,999,999'],
    [12_345_678, '12.3M'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('a count of %s is %s', (value, text) => expect(formatCount(value)).toBe(text));

  it('a ratio is a percentage, and no ratio none', () => {
    expect([
      formatPercent(0.804),
      formatPercent(0.804, 1),
      formatPercent(null),
      formatPercent(Number.NaN),
    ]).toEqual(['80%', '80.4%', '–', '–']);
  });

  it('a change has its sign, and what rounds to nothing has both', () => {
    expect([0.06, -0.12, 0.004, 0, Number.POSITIVE_INFINITY].map(formatChange)).toEqual([
      '+6%',
      '-12%',
      '±0%',
      '±0%',
      '–',
    ]);
  });
});

describe('ownRegion', () => {
  it("is the viewer's region of the page's language", () => {
    expect(ownRegion(['de-AT', 'en-IE', 'en-US'], 'en')).toBe('en-IE');
  });

  it('is the language alone where the viewer asks for another', () => {
    expect(ownRegion(['fr-CH'], 'en')).toBe('en');
  });

  it('passes over what no Intl understands, as a TV without a desktop asks for', () => {
    expect(ownRegion(['en-US@posix', 'en-GB'], 'en')).toBe('en-GB');
    expect(ownRegion(['en-US@posix'], 'en')).toBe('en');
  });
});
