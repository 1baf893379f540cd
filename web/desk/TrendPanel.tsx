import { lazy, memo, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BucketRow } from '../../shared/contract/analytics.ts';
import type { Comparison, TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import { useRoom } from '../ui/useRoom.ts';
import styles from './Desk.module.css';
import { useDesk } from './desk.ts';
import { between, into } from './drill.ts';
import { changeOf, kindOfMetric, targetOf, written } from './measures.ts';
import { callsAddress, hrefOfStep } from './points.ts';
import type { Days } from './presets.ts';
import { Segments } from './Segments.tsx';
import { StepLinks } from './StepLinks.tsx';
import { foldOf, spreadsOf } from './trendFold.ts';
import type { Point } from './trendLayout.ts';
import { isCompared, pointsOf, pointsOfSpreads } from './trendPoints.ts';
import { addressOf, type View } from './view.ts';

/** Figures do not wait for the charts' code. */
const TrendPlot = lazy(() => import('./TrendPlot.tsx').then(({ TrendPlot }) => ({ default: TrendPlot })));

interface TrendPanelProps {
  /** What links go on from; the steps may still be those of another. */
  view: View;
  possible: readonly TimeGroup[];
  rows: readonly BucketRow[];
  /** What the rows are of. */
  days: Days;
  step: TimeGroup;
  targets: Targets | null;
  comparedTo: Comparison | null;
}

/**
 * The metric chosen over the range, a step a bar or point: press one to look into it, drag over several for those. Where there are
 * more than there is room for, those of a day, week or month are one step.
 */
export const TrendPanel = memo(function TrendPanel({
  view,
  days,
  rows,
  step,
  possible,
  targets,
  comparedTo,
}: TrendPanelProps) {
  const { t } = useTranslation();
  const { calendar, now } = useDesk();
  const [ref, room] = useRoom();
  const [at, setAt] = useState<number | null>(null);
  const { metric } = view;
  const kind = kindOfMetric(metric);
  // Undefined while nobody knows how much room there is: nothing is drawn then, and a year by hours takes long to be thrown away.
  const fold = room === null ? undefined : foldOf(step, rows.length, room.width / room.rem);
  const drawn = useMemo(() => {
    if (fold === undefined) return [];
    const of = { days, metric, calendar, now: now() };
    return fold
      ? pointsOfSpreads(spreadsOf(rows, metric, { ...of, step, fold }), { ...of, step: fold, targets })
      : pointsOf(rows, { ...of, step, targets });
  }, [rows, days, metric, step, fold, targets, calendar, now]);
  const tell = useCallback(
    ({ spread, value }: Point): string =>
      spread
        ? t('desk.spread', {
            middle: written(value, kind),
            least: written(spread[0], kind),
            greatest: written(spread[1], kind),
          })
        : written(value, kind),
    [kind, t],
  );
  const links = useMemo(
    () =>
      drawn.map(({ point, title, bucket }) => ({
        key: point.key,
        href: hrefOfStep(view, bucket, fold ?? step, calendar),
        name: `${title}: ${t(`desk.metric.${metric}`)} ${tell(point)}`,
      })),
    [drawn, view, step, fold, calendar, metric, tell, t],
  );
  const points = useMemo(() => drawn.map(({ point }) => point), [drawn]);
  const hasBefore = useMemo(
    () => isCompared(rows) && points.some(({ before }) => before !== null),
    [rows, points],
  );
  const shown = at === null ? undefined : drawn[at];
  const change = shown && changeOf(metric, shown.point.value, shown.point.before);
  const go = (from: number, to: number): void => {
    const [first, last] = [drawn[Math.min(from, to)]?.bucket, drawn[Math.max(from, to)]?.bucket];
    if (first === undefined || last === undefined) return;
    location.hash =
      fold === null && (step === 'interval' || step === 'hour')
        ? callsAddress(view, { from: first.start, to: last.end })
        : addressOf(into(view, between(first, last, calendar)));
  };
  return (
    <section className={styles.panel} aria-label={t('desk.trend', { metric: t(`desk.metric.${metric}`) })}>
      <div className={styles.panelHead}>
        <h2>{t(`desk.metric.${metric}`)}</h2>
        <p className={styles.readout} data-idle={shown === undefined}>
          {shown ? (
            <>
              <strong>{shown.title}</strong> {tell(shown.point)}
              {change && ` · ${t(`desk.change.${change.word}`, { amount: change.amount })}`}
              {shown.point.isPartial && ` · ${t('desk.partial')}`}
            </>
          ) : (
            `${fold ? `${t(`desk.folded.${fold}.${step}`)} ` : ''}${t(`desk.press.${fold ?? step}`)}`
          )}
        </p>
        {possible.length > 1 && (
          <Segments
            name={t('desk.step.name')}
            choices={possible}
            chosen={step}
            hrefOf={(one) => addressOf({ ...view, step: one })}
            textOf={(one) => t(`desk.step.${one}`)}
          />
        )}
      </div>
      <div className={styles.chart} ref={ref}>
        {room && (
          <Suspense>
            <TrendPlot
              points={points}
              kind={kind}
              target={targetOf(metric, targets)}
              isBetterBelow={metric !== 'serviceLevel'}
              before={hasBefore ? t(`desk.ghost.${comparedTo ?? 'previous'}`) : null}
              at={at}
              room={room}
            >
              <StepLinks links={links} onAt={setAt} onRange={go} />
            </TrendPlot>
          </Suspense>
        )}
      </div>
    </section>
  );
});
