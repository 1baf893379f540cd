import { useTranslation } from 'react-i18next';
import type { DashboardAgent } from '../../../shared/contract/dashboard.ts';
import { formatLocalDates } from '../../ui/format.ts';
import desk from '../Desk.module.css';
import { written } from '../measures.ts';
import type { Days } from '../presets.ts';
import styles from './Lists.module.css';
import { lookInto } from './periods.ts';

interface AgentsProps {
  agents: readonly DashboardAgent[];
  days: Days;
  /** Whether they were added up yet. */
  isCounted: boolean;
}

/** Whose figures are not as usual, and which; a reason to ask, not a verdict. */
export function AgentsWorthALook({ agents, days, isCounted }: AgentsProps) {
  const { t } = useTranslation();
  return (
    <section className={desk.panel} aria-label={t('desk.overview.agents')}>
      <div className={desk.panelHead}>
        <h2>{t('desk.overview.agents')}</h2>
        <p className={desk.readout} data-idle="true">
          {formatLocalDates(days.startDate, days.endDate, 'short')}
        </p>
      </div>
      {agents.length === 0 && (
        <p className={desk.quiet}>{t(isCounted ? 'desk.overview.nobody' : 'desk.overview.notCounted')}</p>
      )}
      <ul className={styles.list}>
        {agents.map(({ agentId, name, answered, reasons }) => (
          <li key={agentId}>
            <a className={styles.link} href={lookInto(days, { tab: 'agents', agent: agentId })} dir="auto">
              {name}
            </a>
            <ul>
              {reasons.map(({ metric, value, usual }) => {
                const kind = metric === 'ahtMs' ? 'duration' : 'percent';
                return (
                  <li key={metric}>
                    {t(`desk.overview.reason.${metric}`, {
                      value: written(value, kind),
                      usual: written(usual, kind),
                    })}
                  </li>
                );
              })}
            </ul>
            <span className={styles.faint}>{t('desk.overview.answered', { count: answered })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
