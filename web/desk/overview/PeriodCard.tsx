import { useTranslation } from 'react-i18next';
import type { DashboardPeriod } from '../../../shared/contract/dashboard.ts';
import { formatLocalDate, formatLocalDates, formatTime } from '../../ui/format.ts';
import { useDesk } from '../desk.ts';
import { changeOf, writtenTarget } from '../measures.ts';
import { Stated } from '../Stated.tsx';
import styles from './PeriodCard.module.css';
import { FIGURES, levelIn, lookInto, type PeriodName, targetIn } from './periods.ts';

interface PeriodCardProps {
  name: PeriodName;
  period: DashboardPeriod;
  seconds: number | null;
}

/** One stretch of time: its service level large, the rest in lines, each beside what it was before. */
export function PeriodCard({ name, period, seconds }: PeriodCardProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const { comparedTo, verdicts, previous } = period;
  const target = targetIn(verdicts, 'serviceLevel');
  const change = (metric: (typeof FIGURES)[number][0] | 'serviceLevel'): string => {
    const changed = changeOf(metric, period[metric], previous[metric]);
    return changed === null ? '' : t(`desk.change.${changed.word}`, { amount: changed.amount });
  };
  const days = (of: { startDate: string; endDate: string }): string =>
    of.startDate === of.endDate
      ? formatLocalDate(of.startDate, 'day')
      : formatLocalDates(of.startDate, of.endDate, 'short');
  const before =
    name === 'today'
      ? t('desk.overview.until', {
          day: days(comparedTo),
          time: formatTime(Date.parse(comparedTo.until), calendar.timeZone),
        })
      : days(comparedTo);
  return (
    <section className={styles.card} aria-label={t(`desk.overview.period.${name}`)}>
      <header className={styles.head}>
        <h2>{t(`desk.overview.period.${name}`)}</h2>
        <p>{days(period)}</p>
      </header>
      <a className={styles.hero} href={lookInto(period, {}, name)}>
        <span className={styles.value}>
          <Stated
            metric="serviceLevel"
            value={period.serviceLevel}
            isLowSample={period.lowSample.includes('serviceLevel')}
            level={levelIn(period, 'serviceLevel')}
          />
        </span>
        <span className={styles.meaning}>
          {seconds === null
            ? t('desk.meaning.serviceLevelTheirs')
            : t('desk.meaning.serviceLevel', { seconds })}
          {target !== null && `, ${t('desk.wanted', { target: writtenTarget('serviceLevel', target) })}`}
        </span>
        <span className={styles.change}>
          {/* Its line stays: what is below stands as high as in the cards beside it. */}
          {change('serviceLevel') || (period.serviceLevel === null ? '\u00a0' : t('desk.change.none'))}
        </span>
      </a>
      <ul className={styles.figures}>
        {FIGURES.map(([metric, chart]) => (
          <li key={metric}>
            <a
              href={lookInto(period, { metric: chart }, name)}
              title={targetTitle(t, metric, targetIn(verdicts, metric))}
            >
              <span className={styles.label}>{t(`desk.metric.${metric}`)}</span>
              <span className={styles.changeOf}>{change(metric)}</span>
              <strong>
                <Stated
                  metric={metric}
                  value={period[metric]}
                  isLowSample={period.lowSample.includes(metric)}
                  level={levelIn(period, metric)}
                />
              </strong>
            </a>
          </li>
        ))}
      </ul>
      <p className={styles.against}>{t('desk.overview.against', { days: before })}</p>
    </section>
  );
}

function targetTitle(
  t: ReturnType<typeof useTranslation>['t'],
  metric: string,
  target: number | null,
): string | undefined {
  return target === null ? undefined : t('desk.wanted', { target: writtenTarget(metric, target) });
}
