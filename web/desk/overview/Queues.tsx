import { useTranslation } from 'react-i18next';
import type { DashboardQueue } from '../../../shared/contract/dashboard.ts';
import { formatLocalDates, formatPercent, NONE } from '../../ui/format.ts';
import desk from '../Desk.module.css';
import type { Days } from '../presets.ts';
import { Stated } from '../Stated.tsx';
import styles from './Lists.module.css';
import { levelIn, lookInto, targetIn } from './periods.ts';

interface QueuesProps {
  queues: { best: readonly DashboardQueue[]; worst: readonly DashboardQueue[] };
  days: Days;
}

/** By service level: where to help, and of whom to learn. */
export function Queues({ queues, days }: QueuesProps) {
  const { t } = useTranslation();
  const groups = (['worst', 'best'] as const).filter((group) => queues[group].length > 0);
  return (
    <section className={desk.panel} aria-label={t('desk.tab.queues')}>
      <div className={desk.panelHead}>
        <h2>{t('desk.tab.queues')}</h2>
        <p className={desk.readout} data-idle="true">
          {formatLocalDates(days.startDate, days.endDate, 'short')}
        </p>
      </div>
      {groups.length === 0 && <p className={desk.quiet}>{t('desk.overview.fewCalls')}</p>}
      {groups.map((group) => (
        <table key={group} className={styles.table} data-kind="narrow">
          <thead>
            <tr>
              <th scope="col">{t(`desk.overview.${group}`)}</th>
              <th scope="col">{t('desk.metric.serviceLevel')}</th>
              <th scope="col">{t('desk.overview.target')}</th>
              <th scope="col">{t('desk.metric.offered')}</th>
            </tr>
          </thead>
          <tbody>
            {queues[group].map((queue) => {
              const target = targetIn(queue.verdicts, 'serviceLevel');
              return (
                <tr key={queue.queueId}>
                  <th scope="row" dir="auto">
                    <a className={styles.link} href={lookInto(days, { queues: [queue.queueId] })}>
                      {queue.name}
                    </a>
                  </th>
                  <td>
                    <Stated
                      metric="serviceLevel"
                      value={queue.serviceLevel}
                      level={levelIn(queue, 'serviceLevel')}
                    />
                  </td>
                  <td className={styles.faint}>{target === null ? NONE : formatPercent(target)}</td>
                  <td>
                    <Stated metric="offered" value={queue.offered} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ))}
    </section>
  );
}
