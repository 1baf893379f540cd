import { type KeyboardEvent, useRef, useState } from 'react';
import { CartesianGrid, ReferenceLine, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import { type Kind, written } from '../desk/measures.ts';
import plot from '../desk/TrendPlot.module.css';
import { formatDuration, formatPercent } from '../ui/format.ts';
import styles from './Scatter.module.css';
import { axisOf, placeOn } from './scatter.ts';

export interface ScatterPoint {
  id: string;
  name: string;
  href: string;
  x: number;
  y: number;
  /** Rests on few reviews: drawn hollow. */
  isLow: boolean;
  /** In full, for whoever does not see where it stands. */
  said: string;
}

interface ScatterPlotProps {
  points: readonly ScatterPoint[];
  x: { name: string; kind: 'duration' | 'percent' };
  y: { name: string };
  /** Of all together, drawn as a line. */
  mean: number | null;
  meanName: string;
  label: string;
  room: { width: number; height: number; rem: number };
}

/** A point an agent; a link over each, which names it where it is pointed at or has the focus. Arrow keys go along. */
export function ScatterPlot({ points, x, y, mean, meanName, label, room }: ScatterPlotProps) {
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const { width, height, rem } = room;
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const axes = {
    x: axisOf(
      sorted.map((point) => point.x),
      x.kind,
    ),
    y: axisOf(
      sorted.map((point) => point.y),
      'decimal',
    ),
  };
  const textPx = Math.max(11, 0.8125 * rem);
  const margin = {
    start: Math.ceil(1 * rem + 0.62 * textPx * 3),
    end: Math.ceil(1.25 * rem),
    head: Math.ceil(1.75 * rem),
    foot: Math.ceil(2.9 * rem),
  };
  const axis = { stroke: 'none', tickLine: false, type: 'number', tick: { fill: 'var(--ink-3)' } } as const;
  const reachable = Math.min(current, sorted.length - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: reachable - 1,
      ArrowRight: reachable + 1,
      Home: 0,
      End: sorted.length - 1,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const place = Math.max(0, Math.min(sorted.length - 1, next));
    setCurrent(place);
    list.current?.querySelectorAll('a')[place]?.focus();
  };
  return (
    <div
      className={plot.plot}
      style={{
        '--start': `${margin.start}px`,
        '--end': `${margin.end}px`,
        '--foot': `${margin.foot}px`,
        '--head': `${margin.head}px`,
      }}
    >
      <div aria-hidden="true">
        <ScatterChart
          width={width}
          height={height}
          margin={{ top: margin.head, right: margin.end, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            {...axis}
            dataKey="x"
            height={margin.foot}
            domain={[axes.x.ticks[0] ?? 0, axes.x.ticks.at(-1) ?? 1]}
            ticks={[...axes.x.ticks]}
            tickMargin={0.4 * rem}
            interval={0}
            tickFormatter={(tick: number) => tickText(tick, x.kind)}
            label={{ value: x.name, position: 'insideBottomRight', fill: 'var(--ink-2)', dy: -2 }}
          />
          <YAxis
            {...axis}
            dataKey="y"
            width={margin.start}
            domain={[axes.y.ticks[0] ?? 0, axes.y.ticks.at(-1) ?? 1]}
            ticks={[...axes.y.ticks]}
            interval={0}
          />
          <text x={0} y={0.9 * rem} fill="var(--ink-2)">
            {y.name}
          </text>
          {mean !== null && (
            <ReferenceLine
              y={mean}
              stroke="var(--ink-2)"
              strokeDasharray={`${0.06 * rem} ${0.32 * rem}`}
              strokeLinecap="round"
              strokeWidth={0.095 * rem}
              label={{ value: meanName, position: 'insideTopRight', fill: 'var(--ink-2)' }}
            />
          )}
          <Scatter
            data={sorted}
            isAnimationActive={false}
            shape={({ cx, cy, payload }: { cx?: number; cy?: number; payload?: ScatterPoint }) => (
              <circle
                cx={cx ?? 0}
                cy={cy ?? 0}
                r={0.32 * rem}
                fill={payload?.isLow ? 'var(--surface)' : 'var(--series-1)'}
                fillOpacity={payload?.isLow ? 1 : 0.8}
                stroke="var(--series-1)"
                strokeWidth={0.1 * rem}
              />
            )}
          />
        </ScatterChart>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: links over a chart are no fieldset. */}
      <div ref={list} className={plot.over} role="group" aria-label={label} onKeyDown={onKeyDown}>
        {sorted.map((point, place) => {
          const along = placeOn(axes.x, point.x);
          const up = placeOn(axes.y, point.y);
          return (
            <a
              key={point.id}
              href={point.href}
              className={styles.point}
              style={{ '--along': along, '--up': up }}
              data-side={along > 0.5 ? 'start' : 'end'}
              tabIndex={place === reachable ? 0 : -1}
              onFocus={() => setCurrent(place)}
            >
              <span className="visually-hidden">{point.said}</span>
              <span className={styles.name} aria-hidden="true">
                <strong dir="auto">{point.name}</strong>{' '}
                {`${written(point.y, 'decimal')} · ${written(point.x, x.kind)}`}
              </span>
            </a>
          );
        })}
      </div>
    </div>
  );
}

function tickText(tick: number, kind: Kind): string {
  return kind === 'percent' ? formatPercent(tick) : formatDuration(tick);
}
