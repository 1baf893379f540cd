import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Bar, ComposedChart, LabelList, Line, XAxis, YAxis } from 'recharts';
import { formatCount } from '../ui/format.ts';
import styles from './Trend.module.css';
import { type TrendStep, ticksTo } from './trendSteps.ts';

interface TrendChartProps {
  steps: readonly TrendStep[];
  /** What the line behind is called; null where there is none. */
  lastWeek: string | null;
  /** In px; `rem` is the page's. */
  room: { width: number; height: number; rem: number };
}

/** Below this there is no room for a second line and its name. */
const NARROW_REM = 18;

/** Bars from zero, the step under way hatched, the comparison as a line with its name at its end. */
export function TrendChart({ steps, lastWeek, room }: TrendChartProps) {
  const { t } = useTranslation();
  const hatching = useId();
  const { width, height, rem } = room;
  const textPx = Math.max(11, 0.8125 * rem);
  const isNarrow = width < NARROW_REM * rem;
  const line = isNarrow ? null : lastWeek;
  const highest = Math.max(...steps.flatMap(({ offered, lastWeek }) => [offered, lastWeek ?? 0]));
  const ticks = ticksTo(highest);
  const data = steps.map((step) => ({
    ...step,
    fill: step.isPartial ? `url(#${hatching})` : 'var(--series-1)',
  }));
  const axis = { stroke: 'none', tickLine: false, interval: 0, tick: { fill: 'var(--ink-3)' } } as const;
  const last = steps.at(-2);
  return (
    <div
      className={styles.plot}
      role="img"
      aria-label={[
        t('trend.said', { time: last?.time ?? '', figure: formatCount(last?.offered ?? 0) }),
        last?.lastWeek === null || lastWeek === null
          ? ''
          : t('trend.saidBefore', { lastWeek, figure: formatCount(last?.lastWeek ?? 0) }),
      ].join(' ')}
    >
      <ComposedChart
        width={width}
        height={height}
        data={data}
        margin={{ top: 0.75 * rem, right: 0.25 * rem + nameWidth(line, textPx), bottom: 0, left: 0 }}
        barCategoryGap="18%"
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
          {...axis}
          dataKey="time"
          height={1.4 * rem}
          tickMargin={0.5 * rem - 6} // Six are in it already, at every size of screen.
          ticks={(isNarrow ? [0] : [0, 4, 8]).flatMap((step) => steps[step]?.time ?? [])}
        />
        <YAxis
          {...axis}
          width={0.75 * rem + 0.7 * textPx * Math.max(...ticks.map((tick) => formatCount(tick).length))}
          domain={[0, ticks.at(-1) ?? 1]}
          ticks={ticks}
          tickFormatter={formatCount}
        />
        <Bar dataKey="offered" isAnimationActive={false} radius={2} />
        {line !== null && (
          <Line
            dataKey="lastWeek"
            type="linear"
            stroke="var(--ink-2)"
            strokeWidth={0.15 * rem}
            strokeDasharray={`${0.1 * rem} ${0.35 * rem}`}
            strokeLinecap="round"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          >
            <LabelList
              dataKey="lastWeek"
              content={(props) => nameAtEnd(props, data.length, line, 1.1 * textPx)}
            />
          </Line>
        )}
      </ComposedChart>
    </div>
  );
}

interface Place {
  x?: number | string | undefined;
  y?: number | string | undefined;
  width?: number | string | undefined;
  index?: number | undefined;
}

/** A word a line, none of them cut off; letters of a weekday are 0.65 em wide at most. */
function nameWidth(name: string | null, textPx: number): number {
  const longest = Math.max(0, ...(name ?? '').split(' ').map((word) => word.length));
  return longest === 0 ? 0 : (0.7 + 0.65 * longest) * textPx;
}

/** Its first line not above `highest`, in px: a line that ends at the top leaves no room. */
function nameAtEnd({ x, y, index }: Place, steps: number, name: string, highest: number) {
  if (index !== steps - 1) return null;
  return (
    <text className={styles.name} x={x} y={Math.max(Number(y), highest)}>
      {name.split(' ').map((word, line) => (
        <tspan key={word} x={x} dx="1.2em" dy={line === 0 ? '-0.1em' : '1.15em'}>
          {word}
        </tspan>
      ))}
    </text>
  );
}
