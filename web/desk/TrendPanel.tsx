import { lazy, memo, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BucketRow } from '../../shared/contract/analytics.ts';
import type { Comparison, TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import { useRoom } from '../ui/useRoom.ts';
import styles from './Desk.module.css';
import { useDesk } from './desk.ts';
import { between, into } from './drill.ts';
import { changeOf, kindOfMetric, levelOf, targetOf, written } from './measures.ts';
import { callsAddress, hrefOfStep, nameOfStep, titleOfStep } from './points.ts';
import type { Days } from './presets.ts';
import { StepLinks } from './StepLinks.tsx';
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

/** The metric chosen over the range, a step a bar or point: press one to look into it, drag over several for those. */
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
  const isOneYear = days.startDate.slice(0, 4) === days.endDate.slice(0, 4);
  const isOneDay = days.startDate === days.endDate;
  const points = useMemo(
    () =>
      rows.map((row) => ({
        key: row.start,
        name: nameOfStep(row, step, calendar, isOneYear ? 'axis' : 'axisOfYears'),
        value: Date.parse(row.start) > now() ? null : row[metric],
        before: row.previous?.[metric] ?? null,
        isPartial: row.partial,
        level: levelOf(metric, row, targets),
      })),
    [rows, metric, step, targets, isOneYear, calendar, now],
  );
  const links = useMemo(
    () =>
      rows.map((row) => ({
        key: row.start,
        href: hrefOfStep(view, row, step, calendar),
        name: `${titleOfStep(row, step, calendar, isOneDay)}: ${t(`desk.metric.${metric}`)} ${written(row[metric], kind)}`,
      })),
    [rows, view, step, calendar, isOneDay, metric, kind, t],
  );
  const shown = at === null ? undefined : rows[at];
  const change = shown && changeOf(metric, shown[metric], shown.previous?.[metric]);
  const go = (from: number, to: number): void => {
    const [first, last] = [rows[Math.min(from, to)], rows[Math.max(from, to)]];
    if (first === undefined || last === undefined) return;
    location.hash =
      step === 'interval' || step === 'hour'
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
              <strong>{titleOfStep(shown, step, calendar, isOneDay)}</strong> {written(shown[metric], kind)}
              {change && ` · ${t(`desk.change.${change.word}`, { amount: change.amount })}`}
              {shown.partial && ` · ${t('desk.partial')}`}
            </>
          ) : (
            t(`desk.press.${step}`)
          )}
        </p>
        {possible.length > 1 && (
          <nav className={styles.segments} aria-label={t('desk.step.name')}>
            {possible.map((one) => (
              <a
                key={one}
                href={addressOf({ ...view, step: one })}
                aria-current={one === step ? 'true' : undefined}
              >
                {t(`desk.step.${one}`)}
              </a>
            ))}
          </nav>
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
              before={
                rows.some(({ previous }) => previous) ? t(`desk.ghost.${comparedTo ?? 'previous'}`) : null
              }
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
