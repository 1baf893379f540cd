/** Where points of two figures stand in a chart. Pure. */

export interface Axis {
  /** Round values, ascending, the first and the last where the axis begins and ends. */
  ticks: readonly number[];
}

const DECIMAL = [1, 2, 5, 10, 20, 25, 50, 100];
const PERCENT = DECIMAL.map((step) => step / 100);
const DURATION = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 18_000, 36_000].map(
  (seconds) => seconds * 1_000,
);
const STEPS = { decimal: DECIMAL, percent: PERCENT, duration: DURATION } as const;
const HIGHEST = { decimal: 100, percent: 1, duration: Number.POSITIVE_INFINITY } as const;
/** So many steps are legible beside each other. */
const MOST_STEPS = 5;

/** An axis as long as its values are apart: from zero, points would crowd in a corner. */
export function axisOf(values: readonly number[], kind: keyof typeof STEPS): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0)
    return { ticks: [0, HIGHEST[kind] === Number.POSITIVE_INFINITY ? 60_000 : HIGHEST[kind]] };
  for (const step of STEPS[kind]) {
    // In steps, and not in values: tenths do not add up to one.
    const first = Math.max(0, Math.floor(low / step - 0.1));
    const last = Math.min(Math.round(HIGHEST[kind] / step), Math.ceil(high / step + 0.1));
    if (last - first <= MOST_STEPS)
      return { ticks: Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step) };
  }
  const step = Math.ceil(high / MOST_STEPS / 3_600_000) * 3_600_000;
  return { ticks: Array.from({ length: MOST_STEPS + 1 }, (_, place) => place * step) };
}

/** How far along an axis a value is, 0–1. */
export function placeOn({ ticks }: Axis, value: number): number {
  const [first = 0, last = 1] = [ticks[0], ticks.at(-1)];
  return last === first ? 0.5 : (value - first) / (last - first);
}
