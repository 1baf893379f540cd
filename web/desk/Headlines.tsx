import { useTranslation } from 'react-i18next';
import type { PerformanceMetrics } from '../../shared/contract/analytics.ts';
import type { Targets } from '../../shared/contract/metrics.ts';
import { formatLocalDates, formatPercent } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import styles from './Headlines.module.css';
import { changeOf, kindOfMetric, levelOf, targetOf, written } from './measures.ts';
import type { Days } from './presets.ts';
import { Stated } from './Stated.tsx';
import { addressOf, CHART_METRICS, type View } from './view.ts';

interface HeadlinesProps {
  view: View;
  figures: PerformanceMetrics & { previous?: PerformanceMetrics | undefined };
  targets: Targets | null;
  /** The seconds of service level; null where queues have several. */
  seconds: number | null;
  comparedTo: Days | undefined;
  /** How many steps kept the service level, of how many; null until they are here. */
  steps: { kept: number; told: number; name: string } | null;
}

/** The verdict, and the figures behind it; the one that is pressed is drawn below. */
export function Headlines({ view, figures, targets, seconds, comparedTo, steps }: HeadlinesProps) {
  const { t } = useTranslation();
  const level = levelOf('serviceLevel', figures, targets);
  const isLow = figures.lowSample.includes('serviceLevel');
  const { serviceLevel } = figures;
  const verdict = serviceLevel === null ? 'none' : isLow ? 'low' : level;
  const target = targetOf('serviceLevel', targets);
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
            t('desk.verdict.target', { target: shortPercent(target) })}{' '}
          {steps !== null && steps.told > 0 && t('desk.verdict.steps', { ...steps })}
        </span>
      </p>
      <ul className={styles.figures}>
        {CHART_METRICS.map((metric) => {
          const value = figures[metric];
          const change = changeOf(metric, value, figures.previous?.[metric]);
          const wanted = targetOf(metric, targets);
          return (
            <li key={metric}>
              <a
                className={styles.figure}
                href={addressOf({ ...view, metric })}
                aria-current={view.metric === metric ? 'true' : undefined}
                data-level={levelOf(metric, figures, targets)}
              >
                <span className={styles.label}>{t(`desk.metric.${metric}`)}</span>
                <span className={styles.value}>
                  <Stated
                    metric={metric}
                    value={value}
                    isLowSample={figures.lowSample.includes(metric)}
                    level={levelOf(metric, figures, targets)}
                  />
                </span>
                <span className={styles.meaning}>
                  {metric === 'abandoned'
                    ? t('desk.meaning.abandoned', { rate: written(figures.abandonmentRate, 'percent') })
                    : metric === 'serviceLevel' && seconds !== null
                      ? t('desk.meaning.serviceLevel', { seconds })
                      : t(`desk.meaning.${metric === 'serviceLevel' ? 'serviceLevelTheirs' : metric}`)}
                  {wanted !== null &&
                    `, ${t('desk.wanted', {
                      target:
                        kindOfMetric(metric) === 'percent'
                          ? shortPercent(wanted)
                          : written(wanted, 'duration'),
                    })}`}
                </span>
                {view.compare !== null && (
                  <span className={styles.change}>
                    {change === null
                      ? t('desk.change.none')
                      : t(`desk.change.${change.word}`, { amount: change.amount })}
                  </span>
                )}
              </a>
            </li>
          );
        })}
      </ul>
      {comparedTo && (
        <p className={styles.against}>
          {t('desk.against', { days: formatLocalDates(comparedTo.startDate, comparedTo.endDate, 'medium') })}
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

/** A target as somebody wrote it: 80 %, 82.5 %. */
function shortPercent(ratio: number): string {
  const isWhole = Math.abs(ratio * 100 - Math.round(ratio * 100)) < 1e-9;
  return formatPercent(ratio, isWhole ? 0 : 1);
}
