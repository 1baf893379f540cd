import { useTranslation } from 'react-i18next';
import type { HealthWarning } from '../../../shared/contract/importerHealth.ts';
import { formatCount, formatLocalDates } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import desk from '../Desk.module.css';
import type { Days } from '../presets.ts';
import { addressOfSources } from '../sources/sourcesView.ts';
import styles from './Lists.module.css';

/** What was odd about the sources, and which figures that makes doubtful. */
export function Warnings({
  warnings,
  days,
  today,
}: {
  warnings: readonly HealthWarning[];
  days: Days;
  today: string;
}) {
  const { t, i18n } = useTranslation();
  const list = new Intl.ListFormat(i18n.language, { style: 'short', type: 'unit' });
  const affected = (metrics: readonly string[]): string =>
    metrics.length === 0
      ? t('desk.overview.affectsAll')
      : t('desk.overview.affects', { metrics: list.format(metrics.map((one) => t(`desk.affected.${one}`))) });
  return (
    <section className={desk.panel} aria-label={t('desk.overview.warnings')}>
      <div className={desk.panelHead}>
        <h2>{t('desk.overview.warnings')}</h2>
        <p className={desk.readout} data-idle="true">
          {formatLocalDates(days.startDate, today, 'short')}
        </p>
      </div>
      {warnings.length === 0 && <p className={desk.quiet}>{t('desk.overview.noWarnings')}</p>}
      <ul className={styles.list}>
        {warnings.map(({ code, source, count, affects }) => (
          <li key={`${code} ${source}`} data-kind="warning">
            <a
              className={styles.link}
              href={addressOfSources({ startDate: days.startDate, endDate: today }, { source, kind: code })}
            >
              <Mark shape="triangle" />{' '}
              <span>{t('desk.overview.warning', { source, what: t(`desk.health.${code}`) })}</span>
            </a>
            <p>{affected(affects)}</p>
            <span className={styles.faint}>
              {t('desk.overview.times', { count, figure: formatCount(count) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
