import { useTranslation } from 'react-i18next';
import type { AgentRow } from '../../shared/contract/analytics.ts';
import { formatPercent } from '../ui/format.ts';
import styles from './AgentsTab.module.css';
import desk from './Desk.module.css';
import { written } from './measures.ts';

const TIMES = ['talkMs', 'holdMs', 'wrapUpMs', 'ringingMs', 'availableMs', 'pausedMs'] as const;

type Times = Pick<AgentRow, (typeof TIMES)[number]>;

function partsOf(times: Times): { metric: (typeof TIMES)[number]; ms: number }[] {
  return TIMES.map((metric) => ({ metric, ms: times[metric] })).filter(({ ms }) => ms > 0);
}

/** How signed-in time passed, without a word: those stand elsewhere. */
export function TimeStrip({ times }: { times: Times }) {
  const parts = partsOf(times);
  const sum = parts.reduce((total, { ms }) => total + ms, 0);
  return (
    <div className={styles.time} aria-hidden="true">
      {parts.map(({ metric, ms }) => (
        <span key={metric} data-part={metric} style={{ '--part': ms / sum }} />
      ))}
    </div>
  );
}

/** How signed-in time passed: parts of one bar, each with its name and share below. */
export function TimeBar({ agent }: { agent: Times }) {
  const { t } = useTranslation();
  const parts = partsOf(agent);
  const sum = parts.reduce((total, { ms }) => total + ms, 0);
  if (sum === 0) return <p className={desk.quiet}>{t('desk.agent.noTime')}</p>;
  return (
    <>
      <TimeStrip times={agent} />
      <ul className={styles.parts}>
        {parts.map(({ metric, ms }) => (
          <li key={metric} data-part={metric}>
            {t(`desk.metric.${metric}`)}{' '}
            <strong>{`${written(ms, 'hours')} · ${formatPercent(ms / sum)}`}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}
