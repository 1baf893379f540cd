import type { Grain } from '../history/rollUps/buckets.ts';
import {
  type Calendar,
  type DayRange,
  dateAt,
  HOUR_MS,
  mod,
  monthOf,
  nextMonth,
  offsetsOf,
  plusDays,
  startOf,
} from './calendar.ts';

/** Roll-up rows of one grain whose buckets begin in [from, to), in epoch ms. */
export interface Piece {
  grain: Grain;
  from: number;
  to: number;
}

/**
 * A range as the fewest roll-up rows that add up to it: whole months, the days at their edges, and, where it begins or ends
 * within a day of the tenant's (days of another zone), intervals. `calendar` is the tenant's own: its days are what rows
 * are kept by. Nothing coarser than `coarsest` is used.
 */
export function piecesOf(
  { from, to }: Pick<DayRange, 'from' | 'to'>,
  calendar: Calendar,
  coarsest: Grain,
): Piece[] {
  if (coarsest === 'interval' || coarsest === 'hour') return nonEmpty([{ grain: coarsest, from, to }]);
  const firstDate = firstDayFrom(from, calendar);
  const afterDate = dateAt(to, calendar);
  const [firstDay, afterDay] = [startOf(firstDate, calendar), startOf(afterDate, calendar)];
  if (firstDay >= afterDay) return nonEmpty([{ grain: 'interval', from, to }]);
  const firstMonth = monthOf(firstDate) === firstDate ? firstDate : nextMonth(firstDate);
  const afterMonth = monthOf(afterDate);
  const days: Piece[] =
    coarsest === 'month' && firstMonth < afterMonth
      ? [
          { grain: 'day', from: firstDay, to: startOf(firstMonth, calendar) },
          { grain: 'month', from: startOf(firstMonth, calendar), to: startOf(afterMonth, calendar) },
          { grain: 'day', from: startOf(afterMonth, calendar), to: afterDay },
        ]
      : [{ grain: 'day', from: firstDay, to: afterDay }];
  return nonEmpty([
    { grain: 'interval', from, to: firstDay },
    ...days,
    { grain: 'interval', from: afterDay, to },
  ]);
}

/** What of a range has ended before an instant, which is the start of an interval. */
export function endedBefore(pieces: readonly Piece[], instant: number, calendar: Calendar): Piece[] {
  return pieces.flatMap((piece) => {
    const { grain, from, to } = piece;
    if (to <= instant) return [piece];
    if (from >= instant) return [];
    if (grain !== 'hour') return piecesOf({ from, to: instant }, calendar, grain);
    const hour = Math.max(from, instant - mod(instant + offsetsOf(calendar)(instant), HOUR_MS));
    return nonEmpty([
      { grain, from, to: hour },
      { grain: 'interval', from: hour, to: instant },
    ]);
  });
}

/** The first local day that begins at or after an instant. */
function firstDayFrom(instant: number, calendar: Calendar): string {
  const date = dateAt(instant, calendar);
  return startOf(date, calendar) === instant ? date : plusDays(date, 1);
}

function nonEmpty(pieces: Piece[]): Piece[] {
  return pieces.filter(({ from, to }) => from < to);
}
