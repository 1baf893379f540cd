import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useLive, useTrend } from '../live/hooks.ts';
import { formatWeekday } from '../ui/format.ts';
import { useRoom } from '../ui/useRoom.ts';
import styles from './Trend.module.css';
import { stepsOf } from './trendSteps.ts';

/** Charts are a third of the page's script: figures do not wait for them. */
const TrendChart = lazy(() => import('./TrendChart.tsx').then(({ TrendChart }) => ({ default: TrendChart })));

/** Calls offered in the last hour, five minutes a bar, with the same hour of last week as a line behind. */
export function Trend() {
  const { t } = useTranslation();
  const { timeZone } = useLive();
  const trend = useTrend();
  const [ref, room] = useRoom();
  const steps = trend && stepsOf(trend, timeZone);
  const lastWeek = trend?.lastWeek?.offered.some((count) => count !== null)
    ? t('trend.lastWeek', { weekday: formatWeekday(Date.parse(trend.since), timeZone) })
    : null;
  return (
    <TileFrame label={t('trend.name')} covers={t('trend.covers')} isLoading={trend === undefined}>
      <div className={styles.chart} ref={ref}>
        {steps && room && (
          <Suspense>
            <TrendChart steps={steps} lastWeek={lastWeek} room={room} />
          </Suspense>
        )}
      </div>
    </TileFrame>
  );
}
