import { useTranslation } from 'react-i18next';
import type { DashboardSector } from '../../../shared/contract/dashboard.ts';
import { formatCount, formatLocalDates, formatPercent } from '../../ui/format.ts';
import desk from '../Desk.module.css';
import type { Days } from '../presets.ts';
import { Scroll } from '../Scroll.tsx';
import { Stated } from '../Stated.tsx';
import styles from './Lists.module.css';
import { levelIn, lookInto } from './periods.ts';
import { barsPath, byDay, linePath } from './spark.ts';

interface SectorsProps {
  sectors: readonly DashboardSector[];
  days: Days;
  /** Of the service level. */
  target: number;
  /** Whether days were added up yet. */
  isCounted: boolean;
}

/** A line for each part of the centre, with its month in small. */
export function Sectors({ sectors, days, target, isCounted }: SectorsProps) {
  const { t } = useTranslation();
  const busy = sectors.filter(({ received }) => received > 0);
  return (
    <section className={desk.panel} aria-label={t('desk.tab.sectors')}>
      <div className={desk.panelHead}>
        <h2>{t('desk.tab.sectors')}</h2>
        <p className={desk.readout} data-idle="true">
          {formatLocalDates(days.startDate, days.endDate, 'short')}
        </p>
      </div>
      <Scroll className={styles.scroll} name={t('desk.tab.sectors')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('desk.first.sector')}</th>
              <th scope="col">{t('desk.metric.offered')}</th>
              <th scope="col" data-kind="spark">
                <span className="visually-hidden">{t('desk.overview.callsByDay')}</span>
              </th>
              <th scope="col">{t('desk.metric.serviceLevel')}</th>
              <th scope="col" data-kind="spark">
                <span className="visually-hidden">{t('desk.overview.levelByDay')}</span>
              </th>
              <th scope="col">{t('desk.metric.abandonmentRate')}</th>
              <th scope="col">{t('desk.metric.ahtMs')}</th>
            </tr>
          </thead>
          <tbody>
            {busy.map((sector) => (
              <tr key={sector.sectorId}>
                <th scope="row" dir="auto">
                  <a className={styles.link} href={lookInto(days, { sectors: [sector.sectorId] })}>
                    {sector.name}
                  </a>
                </th>
                <td>
                  <Stated metric="offered" value={sector.offered} />
                </td>
                <td data-kind="spark">
                  <Bars values={byDay(sector.days, days, ({ offered }) => offered)} />
                </td>
                <Figure of={sector} metric="serviceLevel" />
                <td data-kind="spark">
                  <Line
                    values={byDay(sector.days, days, ({ serviceLevel }) => serviceLevel)}
                    target={target}
                  />
                </td>
                <Figure of={sector} metric="abandonmentRate" />
                <Figure of={sector} metric="ahtMs" />
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {!isCounted && <p className={desk.quiet}>{t('desk.overview.notCounted')}</p>}
    </section>
  );
}

function Figure({
  of,
  metric,
}: {
  of: DashboardSector;
  metric: 'serviceLevel' | 'abandonmentRate' | 'ahtMs';
}) {
  return (
    <td>
      <Stated
        metric={metric}
        value={of[metric]}
        isLowSample={of.lowSample.includes(metric)}
        level={levelIn(of, metric)}
      />
    </td>
  );
}

function Bars({ values }: { values: readonly (number | null)[] }) {
  const { t } = useTranslation();
  const told = values.filter((value) => value !== null);
  if (told.length === 0) return null;
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${values.length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('desk.overview.bars', {
        least: formatCount(Math.min(...told)),
        most: formatCount(Math.max(...told)),
      })}
    >
      <path className={styles.bars} d={barsPath(values)} />
    </svg>
  );
}

function Line({ values, target }: { values: readonly (number | null)[]; target: number }) {
  const { t } = useTranslation();
  const told = values.filter((value) => value !== null);
  if (told.length === 0) return null;
  const [least, most] = [Math.min(...told), Math.max(...told)];
  // Of the target there is something to be seen on either side.
  const low = Math.min(least, target) - 0.02;
  const high = Math.max(most, target) + 0.02;
  const y = 1 - (target - low) / (high - low);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${values.length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('desk.overview.line', {
        least: formatPercent(least, 1),
        most: formatPercent(most, 1),
        target: formatPercent(target),
      })}
    >
      <path className={styles.wanted} d={`M0 ${y}H${values.length}`} />
      <path className={styles.line} d={linePath(values, low, high)} />
    </svg>
  );
}
