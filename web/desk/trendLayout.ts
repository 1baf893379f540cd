import { ticksTo } from '../tiles/trendSteps.ts';
import { formatCount, formatDuration, formatPercent } from '../ui/format.ts';
import { durationTicks, type Kind } from './measures.ts';
import { namedSteps } from './points.ts';

/** Where what stands in a chart. Pure. */

export interface Point {
  key: string;
  name: string;
  value: number | null;
  before: number | null;
  isPartial: boolean;
  level: string;
  /** Of several steps in one, of which `value` is the middle: the least and the greatest. */
  spread?: readonly [number, number] | null;
  /** Of steps shorter than a day, over several days: the first of one, which is what its name says. */
  beginsDay?: boolean;
}

/** All in px but for `ticks`, values from `least` to `top`, and `named`, the places of the steps that are named below. */
export interface TrendLayout {
  axis: number;
  right: number;
  foot: number;
  head: number;
  ticks: readonly number[];
  least: number;
  top: number;
  named: readonly number[];
}

/** `before`: what the line behind is called; `given`: ticks in place of those from zero to about the highest there is. */
export function trendLayoutOf(
  points: readonly Point[],
  {
    kind,
    target,
    before,
    ticks: given,
    room: { width, rem },
  }: {
    kind: Kind;
    target: number | null;
    before: string | null;
    ticks: readonly number[] | undefined;
    room: { width: number; rem: number };
  },
): TrendLayout {
  const textPx = Math.max(11, 0.8125 * rem);
  const values = points.flatMap(({ value, spread, before: other }) => [
    spread?.[1] ?? value ?? 0,
    before === null ? 0 : (other ?? 0),
  ]);
  const ticks = given ?? ticksOf(kind, Math.max(0, target ?? 0, ...values));
  const longest = Math.max(...ticks.map((tick) => tickText(tick, kind).length));
  const axis = Math.ceil(0.75 * rem + 0.72 * textPx * longest);
  const right = Math.ceil(before === null ? 0.5 * rem : 0.5 * rem + 0.62 * textPx * before.length);
  return {
    axis,
    right,
    foot: Math.ceil(1.75 * rem),
    head: Math.ceil(0.75 * rem),
    ticks,
    least: ticks[0] ?? 0,
    top: ticks.at(-1) ?? 1,
    named: namedPoints(points, Math.floor((width - axis - right) / (4.5 * rem))),
  };
}

/** At most `most` of them. Times over several days say nothing without their day: days are named first, then parts of them. */
export function namedPoints(points: readonly Point[], most: number): number[] {
  const days = points.flatMap(({ beginsDay }, place) => (beginsDay ? [place] : []));
  if (days.length === 0) return namedSteps(points.length, most, [1, 2, 4, 7, 8, 12, 16]);
  const parts = [4, 2, 1].find((count) => days.length * count <= most);
  if (parts === undefined)
    return namedSteps(days.length, most, [1, 2, 7, 14]).flatMap((place) => days[place] ?? []);
  return days.flatMap((start, place) => {
    const length = (days[place + 1] ?? points.length) - start;
    return Array.from({ length: parts }, (_, part) => start + Math.round((length * part) / parts));
  });
}

function ticksOf(kind: Kind, highest: number): number[] {
  if (kind === 'percent') return [0, 0.25, 0.5, 0.75, 1];
  return kind === 'duration' ? durationTicks(highest) : ticksTo(highest);
}

export function tickText(tick: number, kind: Kind): string {
  if (kind === 'percent') return formatPercent(tick);
  return kind === 'duration' ? formatDuration(tick) : formatCount(tick);
}
