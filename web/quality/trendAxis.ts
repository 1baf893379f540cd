import type { Kind } from '../desk/measures.ts';
import { axisOf } from './scatter.ts';

const HIGHEST: Partial<Record<Kind, number>> = { decimal: 100, percent: 1 };
/** Of the highest a figure can be: in a narrower axis a calm year looks like a storm. */
const NARROWEST = 0.1;

/** Where the axis of a line begins and ends: about its values. `undefined` for bars, which begin at zero, and for no values. Pure. */
export function trendAxis(values: readonly number[], kind: Kind): readonly number[] | undefined {
  const highest = HIGHEST[kind];
  if (highest === undefined || values.length === 0 || (kind !== 'decimal' && kind !== 'percent'))
    return undefined;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const missing = Math.max(0, NARROWEST * highest - (high - low)) / 2;
  const within = (value: number) => Math.min(highest, Math.max(0, value));
  return axisOf([within(low - missing), within(high + missing)], kind).ticks;
}
