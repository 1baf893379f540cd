import { ratio, serviceLevelParts } from '../../shared/metrics/serviceLevel.ts';
import { verdictsWithin, type WaitRow } from '../../shared/metrics/waitRows.ts';
import type { Answers } from './desk.ts';

/** Waits as bars of one width, and what a threshold makes of them. Pure. */

/** Visits that waited longer than `fromSeconds` and at most `toSeconds`; null: any longer. The first holds those of 0 s as well. */
export interface WaitBar {
  fromSeconds: number;
  toSeconds: number | null;
  answered: number;
  abandoned: number;
  otherwise: number;
}

const WIDTHS = [1, 2, 5, 10, 15, 30, 60] as const;
/** Where there is room for them, and where there is hardly any. */
const BARS = { most: 40, least: 10 };
/** Waits are told by the second up to here, and service level knows no longer threshold. */
const LONGEST_S = 600;
/** So many of all waits are in bars of their own; a few that last for ever would push the others together. */
const SHOWN = 0.98;

/** Bars of a round width from 0 on, and one for all that is longer; `room`: for so many together. */
export function barsOf(
  rows: readonly WaitRow[],
  room: number = BARS.most + 1,
): { bars: WaitBar[]; endSeconds: number } {
  const all = rows.at(-1)?.cumulative ?? 0;
  const lastMs = rows.find(({ cumulative }) => cumulative >= all * SHOWN)?.withinMs ?? 0;
  const wanted = Math.min(LONGEST_S, Math.max(30, Math.ceil(lastMs / 1_000)));
  const most = Math.max(BARS.least, Math.min(BARS.most, room - 1));
  const width = WIDTHS.find((one) => wanted / one <= most) ?? 60;
  const count = Math.ceil(wanted / width);
  const endSeconds = count * width;
  const bars = Array.from({ length: count + 1 }, (_, place): WaitBar => {
    const fromSeconds = place * width;
    const toSeconds = place < count ? fromSeconds + width : null;
    return { fromSeconds, toSeconds, answered: 0, abandoned: 0, otherwise: 0 };
  });
  for (const row of rows) {
    const seconds = row.withinMs / 1_000;
    const bar = bars[Math.max(0, Math.min(count, Math.ceil(seconds / width) - 1))];
    if (bar === undefined) continue;
    bar.answered += row.answered;
    bar.abandoned += row.abandoned;
    bar.otherwise += row.callbacks + row.otherwise;
  }
  return { bars, endSeconds };
}

/** What service level these waits come to under another threshold, and how many of them were over by then. */
export function within(
  { data, meta }: Answers['analytics/performance/waits'],
  seconds: number,
): { serviceLevel: number | null; over: number | null; abandoned: number | null } {
  const verdicts = verdictsWithin(data, seconds);
  const { good, of } = serviceLevelParts(meta.definition, verdicts, meta.genesys);
  const { met, abandonedWithin, otherWithin, answered, abandoned, flowOuts } = verdicts;
  return {
    serviceLevel: ratio(good, of),
    over: ratio(met + abandonedWithin + otherWithin, answered + abandoned + flowOuts),
    abandoned: ratio(abandonedWithin, abandoned),
  };
}
