import { memo, useId } from 'react';
import {
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  LabelList,
  Line,
  ReferenceArea,
  ReferenceLine,
  XAxis,
  YAxis,
} from 'recharts';
import type { Kind } from './measures.ts';
import styles from './TrendPlot.module.css';
import { type Point, type TrendLayout, tickText } from './trendLayout.ts';

interface TrendDrawingProps {
  points: readonly Point[];
  layout: TrendLayout;
  kind: Kind;
  target: number | null;
  /** On which side of the target all is well. */
  isBetterBelow: boolean;
  /** What the line behind is called; null where there is none. */
  before: string | null;
  /** In px; `rem` is the page's. */
  room: { width: number; height: number; rem: number };
}

/** Beyond so many points a dot for each is a smear. */
const DOTTED = 62;

const AXIS = { stroke: 'none', tickLine: false, interval: 0, tick: { fill: 'var(--ink-3)' } } as const;

/**
 * Counts as bars from zero, the rest as a line with gaps where there is nothing; several steps in one as a bar from the least to the
 * greatest and a line through the middle; a band where all is well. It takes longer than all else of the page: drawn again for
 * other points alone.
 */
export const TrendDrawing = memo(function TrendDrawing({
  points,
  layout: { axis, right, foot, head, ticks, least, top, named },
  kind,
  target,
  isBetterBelow,
  before,
  room: { width, height, rem },
}: TrendDrawingProps) {
  const hatching = useId();
  const data = points.map((point, place) => ({ ...point, place, isAlone: isAlone(points, place) }));
  const isFolded = points.some(({ spread }) => spread);
  const [good, bad] = isBetterBelow ? [least, target ?? least] : [target ?? 0, top];
  return (
    <ComposedChart
      width={width}
      height={height}
      data={data}
      margin={{ top: head, right, bottom: 0, left: 0 }}
      barCategoryGap={points.length > 40 ? '12%' : '22%'}
      accessibilityLayer={false}
    >
      <defs>
        <pattern
          id={hatching}
          width="6"
          height="6"
          patternTransform="rotate(45)"
          patternUnits="userSpaceOnUse"
        >
          <rect width="6" height="6" fill="var(--surface-2)" />
          <rect width="3" height="6" fill="var(--series-1)" />
        </pattern>
      </defs>
      <XAxis
        {...AXIS}
        dataKey="place"
        scale="band"
        height={foot}
        tickMargin={0.6 * rem - 6} // Six are in it already.
        ticks={named}
        tickFormatter={(place: number) => points[place]?.name ?? ''}
      />
      <YAxis
        {...AXIS}
        width={axis}
        domain={[least, top]}
        ticks={ticks}
        tickFormatter={(tick: number) => tickText(tick, kind)}
      />
      <CartesianGrid vertical={false} stroke="var(--line)" strokeWidth={rem / 16} />
      {target !== null && (
        <ReferenceArea y1={good} y2={bad} fill="var(--good)" fillOpacity={0.07} stroke="none" />
      )}
      {target !== null && (
        <ReferenceLine y={target} stroke="var(--good)" strokeWidth={rem / 16} strokeOpacity={0.7} />
      )}
      {isFolded && (
        <Bar
          dataKey="spread"
          isAnimationActive={false}
          radius={2}
          minPointSize={2}
          maxBarSize={2.5 * rem}
          fill="var(--series-1)"
          fillOpacity={0.3}
        />
      )}
      {kind === 'count' && !isFolded && (
        <Bar dataKey="value" isAnimationActive={false} radius={[2, 2, 0, 0]} maxBarSize={3.5 * rem}>
          {data.map(({ key, isPartial }) => (
            <Cell key={key} fill={isPartial ? `url(#${hatching})` : 'var(--series-1)'} />
          ))}
        </Bar>
      )}
      {before !== null && (
        <Line
          dataKey="before"
          type="linear"
          stroke="var(--ink-2)"
          strokeWidth={0.095 * rem}
          strokeDasharray={`${0.06 * rem} ${0.32 * rem}`}
          strokeLinecap="round"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        >
          <LabelList
            dataKey="before"
            content={(props) =>
              nameAtEnd(props, lastKnown(points), before, {
                from: head,
                to: height - foot - 0.4 * rem,
                gap: 0.5 * rem,
              })
            }
          />
        </Line>
      )}
      {(kind !== 'count' || isFolded) && (
        <Line
          dataKey="value"
          type="linear"
          stroke="var(--series-1)"
          strokeWidth={0.125 * rem}
          activeDot={false}
          isAnimationActive={false}
          dot={({ cx, cy, index }) =>
            dotOf({ cx, cy, point: data[index], count: points.length, px: rem / 16 })
          }
        />
      )}
    </ComposedChart>
  );
});

/** A point without neighbours has no line to be seen by. */
function isAlone(points: readonly Point[], place: number): boolean {
  return (points[place - 1]?.value ?? null) === null && (points[place + 1]?.value ?? null) === null;
}

interface Dot {
  cx?: number | undefined;
  cy?: number | undefined;
  point: (Point & { isAlone: boolean; place: number }) | undefined;
  count: number;
  /** How large a px of a 1920 px wide screen is here. */
  px: number;
}

/** An exception by its shape, what is not over yet as a ring. */
function dotOf({ cx, cy, point, count, px }: Dot) {
  const key = point?.key ?? '';
  if (point === undefined || point.value === null || cx === undefined || cy === undefined)
    return <g key={key} />;
  const isWrong = point.level === 'critical' || point.level === 'warning';
  if (point.level === 'critical')
    return (
      <rect key={key} x={cx - 4 * px} y={cy - 4 * px} width={8 * px} height={8 * px} fill="var(--crit-ink)" />
    );
  if (isWrong)
    return (
      <path
        key={key}
        d={`M${cx} ${cy - 4.5 * px}l${5 * px} ${9 * px}h${-10 * px}z`}
        fill="var(--warn-edge)"
      />
    );
  if (point.isPartial)
    return (
      <circle
        key={key}
        cx={cx}
        cy={cy}
        r={3.5 * px}
        fill="var(--surface)"
        stroke="var(--series-1)"
        strokeWidth={2 * px}
      />
    );
  if (!point.isAlone && count > DOTTED) return <g key={key} />;
  return <circle key={key} cx={cx} cy={cy} r={3 * px} fill="var(--series-1)" />;
}

function lastKnown(points: readonly Point[]): number {
  return points.findLastIndex(({ before }) => before !== null);
}

interface Place {
  x?: number | string | undefined;
  y?: number | string | undefined;
  width?: number | string | undefined;
  index?: number | undefined;
}

/** In px: names of the axis stand below `to`, and a line ends a `gap` before its own. */
function nameAtEnd(
  { x, y, index }: Place,
  last: number,
  name: string,
  { from, to, gap }: { from: number; to: number; gap: number },
) {
  if (index !== last) return null;
  return (
    <text className={styles.name} x={Number(x) + gap} y={Math.min(Math.max(Number(y), from), to)} dy="0.35em">
      {name}
    </text>
  );
}
