import { useTranslation } from 'react-i18next';
import type { PerformanceMetrics } from '../../shared/contract/analytics.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import type { Level } from '../board/TileFrame.tsx';
import { formatCount } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { useDesk } from './desk.ts';
import { HeadlineFigure } from './HeadlineFigure.tsx';
import styles from './Headlines.module.css';
import { changeOf, kindOfMetric, levelOf, targetOf, written, writtenTarget } from './measures.ts';
import type { Days } from './presets.ts';
import { titleOf } from './RangeControl.tsx';
import { addressOf, CHART_METRICS, explaining, type View } from './view.ts';

interface HeadlinesProps {
  view: View;
  figures: PerformanceMetrics & { previous?: PerformanceMetrics | undefined };
  targets: Targets | null;
  /** The seconds of service level; null where queues have several. */
  seconds: number | null;
  comparedTo: Days | undefined;
  /** The days are not over, and those they are compared with are: counts are of a part against a whole. */
  isMoving: boolean;
  /** How many steps kept the service level, of how many; null until they are here. */
  steps: { kept: number; told: number; name: string } | null;
}

/** The verdict, and the figures behind it; the one that is pressed is drawn below. */
export function Headlines({ view, figures, targets, seconds, comparedTo, isMoving, steps }: HeadlinesProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const level = levelOf('serviceLevel', figures, targets);
  const isLow = figures.lowSample.includes('serviceLevel');
  const { serviceLevel } = figures;
  const verdict = serviceLevel === null ? 'none' : isLow ? 'low' : level;
  const target = targetOf('serviceLevel', targets);
  const explained = explaining(view);
  const { previous } = figures;
  // Said once, and not below every figure.
  const hasBefore = CHART_METRICS.some((metric) => changeOf(metric, figures[metric], previous?.[metric]));
  const worries = WORRIES.filter((metric) => isWrong(levelOf(metric, figures, targets)));
  return (
    <section className={styles.headlines} aria-label={t('desk.headlines')} data-level={level}>
      <p className={styles.verdict}>
        <Shape level={verdict} />
        <strong>{t(`desk.verdict.${verdict}`)}</strong>{' '}
        <span>
          {serviceLevel === null
            ? t('desk.verdict.nothing')
            : seconds === null
              ? t('desk.verdict.ofTheirs', { figure: written(serviceLevel, 'percent') })
              : t('desk.verdict.of', { figure: written(serviceLevel, 'percent'), seconds })}{' '}
          {serviceLevel !== null &&
            target !== null &&
            t('desk.verdict.target', { target: writtenTarget('serviceLevel', target) })}{' '}
          {steps !== null &&
            steps.told >= FEW_STEPS &&
            t('desk.verdict.steps', {
              kept: formatCount(steps.kept),
              told: formatCount(steps.told),
              name: steps.name,
            })}
        </span>{' '}
        {worries.map((metric) => (
          <span key={metric} className={styles.worry} data-level={levelOf(metric, figures, targets)}>
            <Shape level={levelOf(metric, figures, targets)} />
            {t(`desk.worry.${metric}`, {
              figure: written(figures[metric], kindOfMetric(metric)),
              target: writtenTarget(metric, targetOf(metric, targets)),
            })}{' '}
          </span>
        ))}
      </p>
      <ul className={styles.figures}>
        {CHART_METRICS.map((metric) => {
          const wanted = targetOf(metric, targets);
          const asked = metric === 'abandoned' ? 'abandonmentRate' : metric;
          const meaning =
            metric === 'abandoned'
              ? t('desk.meaning.abandoned', { rate: written(figures.abandonmentRate, 'percent') })
              : metric === 'serviceLevel' && seconds !== null
                ? t('desk.meaning.serviceLevel', { seconds })
                : t(`desk.meaning.${metric === 'serviceLevel' ? 'serviceLevelTheirs' : metric}`);
          return (
            <HeadlineFigure
              key={metric}
              metric={metric}
              value={figures[metric]}
              before={hasBefore ? { value: previous?.[metric] } : null}
              level={levelOf(metric, figures, targets)}
              isLowSample={figures.lowSample.includes(metric)}
              meaning={
                wanted === null
                  ? meaning
                  : `${meaning}, ${t('desk.wanted', { target: writtenTarget(metric, wanted) })}`
              }
              href={addressOf({ ...view, metric })}
              isCurrent={view.metric === metric}
              explainedBy={asked}
              explained={explained(asked)}
            />
          );
        })}
      </ul>
      {comparedTo && (
        <p className={styles.against}>
          {t(hasBefore ? (isMoving ? 'desk.againstWhole' : 'desk.against') : 'desk.againstNothing', {
            days: titleOf(comparedTo, calendar.weekStart),
          })}
        </p>
      )}
    </section>
  );
}

function Shape({ level }: { level: string }) {
  if (level === 'good') return <Mark shape="check" />;
  if (level === 'warning') return <Mark shape="triangle" />;
  return level === 'critical' ? <Mark shape="square" /> : <Mark shape="dash" />;
}

/** Of fewer nothing is said: they are in the chart. */
const FEW_STEPS = 3;

/** What can be wrong while the service level is right. */
const WORRIES = ['abandonmentRate', 'asaMs', 'ahtMs', 'occupancy'] as const;

function isWrong(level: Level): boolean {
  return level === 'warning' || level === 'critical';
}
