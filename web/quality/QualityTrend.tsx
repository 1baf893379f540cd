import { X } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CriterionFigures, QualityBucketRow, StepFigures } from '../../shared/contract/quality.ts';
import styles from '../desk/Desk.module.css';
import { useAnswer, useDesk } from '../desk/desk.ts';
import { between } from '../desk/drill.ts';
import { Pending } from '../desk/Message.tsx';
import { changeOf, kindOfMetric, written } from '../desk/measures.ts';
import { nameOfStep, titleOfStep } from '../desk/points.ts';
import { type Days, stepFor } from '../desk/presets.ts';
import { Segments } from '../desk/Segments.tsx';
import { StepLinks } from '../desk/StepLinks.tsx';
import { comparisonOf } from '../desk/view.ts';
import { useRoom } from '../ui/useRoom.ts';
import {
  partParametersOf,
  QUALITY_STEPS,
  type QualityView,
  qualityAddressOf,
  qualityParametersOf,
  qualityStepOf,
  withComparison,
} from './qualityView.ts';
import { trendAxis } from './trendAxis.ts';

/** Figures do not wait for the charts' code. */
const TrendPlot = lazy(() =>
  import('../desk/TrendPlot.tsx').then(({ TrendPlot }) => ({ default: TrendPlot })),
);

interface QualityTrendProps {
  view: QualityView;
  days: Days;
  isMoving: boolean;
  criteria: readonly CriterionFigures[];
  /** Of completion. */
  target: number | null;
}

interface Step {
  start: string;
  end: string;
  partial: boolean;
  value: number | null;
  /** Of the step it is compared with. */
  before: number | null;
  /** Of so many. */
  of: number;
}

/** The figure chosen over time, by the days of the calls: press a step to look into it, drag over several for those. */
export function QualityTrend({ view, days, isMoving, criteria, target }: QualityTrendProps) {
  const { t } = useTranslation();
  const { calendar, now } = useDesk();
  const [ref, room] = useRoom();
  const [at, setAt] = useState<number | null>(null);
  const step = qualityStepOf(view, days);
  const metric = view.criterion === null ? view.metric : 'criterionShare';
  const kind = kindOfMetric(metric);
  const { steps, error, again } = useSteps(view, days, isMoving);
  const name =
    view.criterion === null
      ? t(`desk.metric.${metric}`)
      : (criteria.find(({ criterionId }) => criterionId === view.criterion)?.name ?? view.criterion);
  const isOneYear = days.startDate.slice(0, 4) === days.endDate.slice(0, 4);
  // The same while somebody points along the steps, so that they are not drawn again for it.
  const points = useMemo(
    () =>
      steps?.map((row) => ({
        key: row.start,
        name: nameOfStep(row, step, calendar, isOneYear ? 'axis' : 'axisOfYears'),
        value: Date.parse(row.start) > now() ? null : row.value,
        before: row.before,
        isPartial: row.partial,
        level: 'calm',
      })),
    [steps, step, calendar, isOneYear, now],
  );
  const wanted = metric === 'completionRate' ? target : null;
  const axis = useMemo(() => {
    const drawn = points?.flatMap(({ value, before }) => [value, before]) ?? [];
    return trendAxis(
      [...drawn, wanted].filter((value) => value !== null),
      kind,
    );
  }, [points, wanted, kind]);
  const shown = at === null ? undefined : steps?.[at];
  const change = shown && changeOf(metric, shown.value, shown.before);
  const into = (from: number, to: number): string => {
    const [first, last] = [steps?.[Math.min(from, to)], steps?.[Math.max(from, to)]];
    if (!first || !last) return qualityAddressOf(view);
    const range = between(first, last, calendar);
    const isDay = range.startDate === range.endDate;
    return qualityAddressOf({
      ...view,
      desk: { ...view.desk, range, explain: null },
      step: null,
      tab: isDay ? 'scores' : view.tab,
    });
  };
  return (
    <section className={styles.panel} aria-label={t('desk.trend', { metric: name })}>
      <div className={styles.panelHead}>
        <h2 dir="auto">{name}</h2>
        <p className={styles.readout} data-idle={shown === undefined}>
          {shown ? (
            <>
              <strong>{titleOfStep(shown, step, calendar, false)}</strong> {written(shown.value, kind)}
              {change && ` · ${t(`desk.change.${change.word}`, { amount: change.amount })}`}
              {` · ${t(metric === 'completionRate' ? 'quality.ofCalls' : 'quality.ofReviews', { count: shown.of })}`}
              {shown.partial && ` · ${t('desk.partial')}`}
            </>
          ) : (
            t(view.criterion === null ? 'quality.press' : 'quality.criterionShare')
          )}
        </p>
        {view.criterion !== null && (
          <a className={styles.button} href={qualityAddressOf({ ...view, criterion: null })}>
            <X aria-hidden="true" /> {t('quality.allCriteria')}
          </a>
        )}
        {stepFor(days) !== 'interval' && (
          <Segments
            name={t('desk.step.name')}
            choices={QUALITY_STEPS}
            chosen={step}
            hrefOf={(one) => qualityAddressOf({ ...view, step: one })}
            textOf={(one) => t(`desk.step.${one}`)}
          />
        )}
      </div>
      {points ? (
        <div className={styles.chart} ref={ref}>
          {room && (
            <Suspense>
              <TrendPlot
                points={points}
                kind={kind}
                target={wanted}
                ticks={axis}
                isBetterBelow={false}
                before={
                  points.some(({ before }) => before !== null)
                    ? t(`desk.ghost.${comparisonOf(view.desk, days) ?? 'previous'}`)
                    : null
                }
                at={at}
                room={room}
              >
                <StepLinks
                  links={points.map((point, place) => ({
                    key: point.key,
                    href: into(place, place),
                    name: `${point.name}: ${written(point.value, kind)}`,
                  }))}
                  onAt={setAt}
                  onRange={(from, to) => {
                    location.hash = into(from, to);
                  }}
                />
              </TrendPlot>
            </Suspense>
          )}
        </div>
      ) : (
        <Pending error={error} again={again} />
      )}
    </section>
  );
}

function useSteps(
  view: QualityView,
  days: Days,
  isMoving: boolean,
): { steps: readonly Step[] | undefined; error: Error | null; again(): void } {
  const isCompletion = view.metric === 'completionRate' && view.criterion === null;
  const groupBy = qualityStepOf(view, days);
  const ofReviews = withComparison(qualityParametersOf(view, days), view.desk, days);
  ofReviews.set('groupBy', groupBy);
  if (view.criterion !== null) ofReviews.set('criterion', view.criterion);
  const ofCalls = withComparison(partParametersOf(view.desk, days), view.desk, days);
  ofCalls.set('groupBy', groupBy);
  if (view.desk.agent !== null) ofCalls.set('by', 'agent');
  const trends = useAnswer('analytics/quality/trends', ofReviews, { isMoving, isWanted: !isCompletion });
  const completion = useAnswer('analytics/quality/completion', ofCalls, { isMoving, isWanted: isCompletion });
  const { error, refetch } = isCompletion ? completion : trends;
  const steps = useMemo(
    () =>
      isCompletion
        ? completion.data?.data.map(({ start, end, partial, completionRate, of, previous }) => ({
            start,
            end,
            partial,
            value: completionRate,
            before: previous?.completionRate ?? null,
            of,
          }))
        : trends.data?.data.map((row) => stepOf(row, view)),
    [isCompletion, completion.data, trends.data, view],
  );
  return { steps, error, again: () => void refetch() };
}

function stepOf(row: QualityBucketRow, { metric, criterion }: QualityView): Step {
  const { start, end, partial, previous } = row;
  const of = criterion === null ? row.reviews : (row.criterionAnswered ?? 0);
  const drawn = (figures: StepFigures): number | null => {
    if (criterion !== null) return figures.criterionShare;
    return metric === 'completionRate' ? null : figures[metric];
  };
  return { start, end, partial, value: drawn(row), before: previous ? drawn(previous) : null, of };
}
