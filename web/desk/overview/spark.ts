import type { SectorDay } from '../../../shared/contract/dashboard.ts';
import { lengthOf } from '../days.ts';
import type { Days } from '../presets.ts';

/** Small lines of a range of days, in a square of `length` by 1 that the page stretches. Pure. */

/** A value for every day of a range, in its order; null where nothing is said of it. */
export function byDay(
  rows: readonly SectorDay[],
  { startDate, endDate }: Days,
  figureOf: (row: SectorDay) => number | null,
): (number | null)[] {
  const values = Array.from({ length: lengthOf(startDate, endDate) }, (): number | null => null);
  for (const row of rows) {
    const place = lengthOf(startDate, row.date) - 1;
    if (place >= 0 && place < values.length) values[place] = figureOf(row);
  }
  return values;
}

/** A line through what there is; a gap where there is nothing, and a dot for what stands alone. */
export function linePath(values: readonly (number | null)[], low: number, high: number): string {
  const span = high - low || 1;
  let isDrawing = false;
  const steps: string[] = [];
  values.forEach((value, place) => {
    if (value !== null) {
      const at = `${place + 0.5} ${round(1 - (value - low) / span)}`;
      // A line to itself is a dot where its ends are round.
      steps.push(isDrawing ? `L${at}` : `M${at}L${at}`);
    }
    isDrawing = value !== null;
  });
  return steps.join('');
}

/** A bar from zero for each; `most` is as high as the square. */
export function barsPath(
  values: readonly (number | null)[],
  most = Math.max(1, ...values.map((value) => value ?? 0)),
): string {
  return values
    .map((value, place) => (value ? `M${place + 0.15} 1V${round(1 - value / most)}H${place + 0.85}V1Z` : ''))
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
