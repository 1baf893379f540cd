import { type ReactNode, useMemo } from 'react';
import type { Kind } from './measures.ts';
import { TrendDrawing } from './TrendDrawing.tsx';
import styles from './TrendPlot.module.css';
import { type Point, trendLayoutOf } from './trendLayout.ts';

interface TrendPlotProps {
  points: readonly Point[];
  kind: Kind;
  target: number | null;
  /** On which side of the target all is well. */
  isBetterBelow: boolean;
  /** What the line behind is called; null where there is none. */
  before: string | null;
  /** Values of the lines across, from the least to the greatest; left out: from zero to about the highest there is. */
  ticks?: readonly number[];
  /** The step that is pointed at. */
  at: number | null;
  /** In px; `rem` is the page's. */
  room: { width: number; height: number; rem: number };
  /** What lies over the plot, exactly as wide as its steps. */
  children: ReactNode;
}

/** A drawing of the points, and over it what is pressed and pointed at. */
export function TrendPlot({ at, ticks, children, ...drawn }: TrendPlotProps) {
  const { points, kind, target, before, room } = drawn;
  const layout = useMemo(
    () => trendLayoutOf(points, { kind, target, before, ticks, room }),
    [points, kind, target, before, ticks, room],
  );
  const { least, top } = layout;
  const pointed = at === null || (kind === 'count' && !points[at]?.spread) ? undefined : points[at];
  const value = pointed?.value ?? null;
  return (
    <div
      className={styles.plot}
      style={{
        '--start': `${layout.axis}px`,
        '--end': `${layout.right}px`,
        '--foot': `${layout.foot}px`,
        '--head': `${layout.head}px`,
      }}
    >
      <div aria-hidden="true">
        <TrendDrawing {...drawn} layout={layout} />
      </div>
      <div className={styles.over}>
        {value !== null && at !== null && (
          <span
            className={styles.at}
            style={{ '--x': (at + 0.5) / points.length, '--y': 1 - (value - least) / (top - least) }}
          />
        )}
        {children}
      </div>
    </div>
  );
}
