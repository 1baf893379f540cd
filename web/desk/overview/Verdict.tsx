import { useTranslation } from 'react-i18next';
import type { DashboardPeriod } from '../../../shared/contract/dashboard.ts';
import { Mark } from '../../ui/Mark.tsx';
import { kindOfMetric, written, writtenTarget } from '../measures.ts';
import styles from './Overview.module.css';
import { levelIn, targetIn } from './periods.ts';

const SHAPES = { good: 'check', warning: 'triangle', critical: 'square', calm: 'dash' } as const;

interface VerdictProps {
  period: DashboardPeriod;
  /** The seconds of service level; null where queues have several. */
  seconds: number | null;
}

/** In a sentence: must somebody worry today, and about what. */
export function Verdict({ period, seconds }: VerdictProps) {
  const { t } = useTranslation();
  const { serviceLevel, lowSample, verdicts } = period;
  const level = levelIn(period, 'serviceLevel');
  const said = serviceLevel === null ? 'none' : lowSample.includes('serviceLevel') ? 'low' : level;
  const figure = written(serviceLevel, 'percent');
  const target = targetIn(verdicts, 'serviceLevel');
  const worries = verdicts.filter(
    ({ metric }) => metric !== 'serviceLevel' && ['warning', 'critical'].includes(levelIn(period, metric)),
  );
  return (
    <p className={styles.verdict} data-level={level}>
      <Mark shape={SHAPES[level]} /> <strong>{t(`desk.overview.verdict.${said}`)}</strong>{' '}
      {serviceLevel !== null &&
        t(seconds === null ? 'desk.overview.ofTheirs' : 'desk.overview.of', { figure, seconds })}{' '}
      {serviceLevel !== null &&
        target !== null &&
        t('desk.verdict.target', { target: writtenTarget('serviceLevel', target) })}{' '}
      {worries.map(({ metric, value, target }) => (
        <span key={metric} className={styles.worry}>
          {t(`desk.overview.worry.${metric}`, {
            figure: written(value, kindOfMetric(metric)),
            target: writtenTarget(metric, target),
          })}{' '}
        </span>
      ))}
    </p>
  );
}
