import type { Comparison, TimeGroup } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, isoOf, takenInUntil } from '../asked.ts';
import { type Bucket, bucketsOf, type DayRange } from '../calendar.ts';
import { comparedRange, likesOf } from '../compare.ts';
import { daysOf } from '../performance/summary.ts';
import { type Piece, piecesOf } from '../pieces.ts';

/** A range, and the one it is held against where `compare` asks for it: the same figures of both. */

/** The days compared with; undefined: none. */
export function comparedDays(
  { centre }: Asked,
  range: DayRange,
  compare: Comparison | undefined,
  groupBy: TimeGroup | null,
): DayRange | undefined {
  return compare && comparedRange(range, compare, groupBy, centre.calendar);
}

/** What an answer's `meta` says of it. */
export function comparedTo({ centre }: Asked, compared: DayRange | undefined) {
  return compared && { comparedTo: daysOf(compared, centre.calendar.timeZone) };
}

/** One of the ranges in steps. */
export interface Steps {
  range: DayRange;
  buckets: readonly Bucket[];
  /** Where they begin, in epoch ms. */
  starts: readonly number[];
  /** The roll-up rows that add up to them. */
  pieces: readonly Piece[];
}

interface StepsQuery {
  groupBy: TimeGroup;
  compare?: Comparison | undefined;
}

/** Asks the same of both ranges at once; a row of figures for every step of the first, and of its like in the other. */
export async function inSteps<Read>(
  asked: Asked,
  range: DayRange,
  { groupBy, compare }: StepsQuery,
  read: (steps: Steps) => Promise<Read>,
) {
  const { calendar } = asked.centre;
  const compared = comparedDays(asked, range, compare, groupBy);
  const stepsOf = (days: DayRange): Steps => {
    const buckets = bucketsOf(days, groupBy, calendar);
    const pieces = piecesOf(days, calendar, groupBy === 'month' ? 'month' : 'day');
    return { range: days, buckets, starts: buckets.map(({ start }) => start), pieces };
  };
  const [main, other] = [stepsOf(range), compared && stepsOf(compared)];
  const [found, others] = await Promise.all([read(main), other && read(other)]);
  const likes = other && likesOf(main.buckets, other.buckets, groupBy, calendar);
  const until = takenInUntil(asked);
  return {
    /** Of both ranges. */
    all: others === undefined ? [found] : [found, others],
    meta: comparedTo(asked, compared),
    rows<Figures extends object>(figuresOf: (read: Read, place: number) => Figures) {
      return main.buckets.map(({ start, end, isClipped }, place) => {
        const step = { start: isoOf(start), end: isoOf(end), partial: isClipped || end > until };
        const row = { ...step, ...figuresOf(found, place) };
        if (other === undefined || others === undefined) return row;
        const like = likes?.[place] ?? null;
        const bucket = like === null ? undefined : other.buckets[like];
        if (like === null || bucket === undefined) return { ...row, previous: null };
        const previous = {
          ...{ start: isoOf(bucket.start), end: isoOf(bucket.end) },
          ...figuresOf(others, like),
        };
        return { ...row, previous };
      });
    },
  };
}
