import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '../ui/format.ts';
import desk from './Desk.module.css';
import { changeOf } from './measures.ts';
import styles from './Outcomes.module.css';
import { callsOfDays } from './points.ts';
import { Stated } from './Stated.tsx';
import type { TabProps } from './Tabs.tsx';
import { explaining } from './view.ts';

/** What became of the visits that entered, each way of ending once, and what is a part of another below it. */
const OUTCOMES = [
  'answered',
  'abandoned',
  'timedOut',
  'noAgents',
  'keyExits',
  'callbacks',
  'overflowed',
  'withdrawn',
  'lost',
  'open',
] as const;

/** Where calls went: shares of all that entered. Press one for its calls. */
export function Outcomes({ view, days, figures }: TabProps) {
  const { t } = useTranslation();
  const explained = explaining(view);
  const { offered, previous } = figures;
  const shown = OUTCOMES.filter((outcome) => figures[outcome] > 0 || (previous?.[outcome] ?? 0) > 0);
  return (
    <>
      <p className={desk.quiet}>{t('desk.outcome.note', { figure: formatCount(offered) })}</p>
      <ul className={styles.list}>
        {shown.map((outcome) => {
          const count = figures[outcome];
          const change = changeOf(outcome, count, previous?.[outcome]);
          return (
            <li key={outcome}>
              <a href={callsOfDays(view, days, outcome)}>{t(`desk.metric.${outcome}`)}</a>
              <span className={styles.track} aria-hidden="true">
                <span data-outcome={outcome} style={{ '--share': offered > 0 ? count / offered : 0 }} />
              </span>
              <strong>
                <Stated metric={outcome} value={count} explained={explained(outcome)} />
              </strong>
              <span>{formatPercent(offered > 0 ? count / offered : null, 1)}</span>
              <span className={styles.change}>
                {change === null ? '' : t(`desk.change.${change.word}`, { amount: change.amount })}
              </span>
            </li>
          );
        })}
      </ul>
      <p className={desk.quiet}>
        {t('desk.outcome.beside', {
          short: formatCount(figures.shortAbandoned),
          transferred: formatCount(figures.transferred),
          refused: formatCount(figures.refused),
        })}
      </p>
    </>
  );
}
