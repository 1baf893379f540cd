import { useTranslation } from 'react-i18next';
import type { AgentState, Metrics } from '../../shared/contract/metrics.ts';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatCount, NONE } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import styles from './Agents.module.css';
import { AGENT_LOOKS } from './agentStates.ts';

const PARTS: readonly [AgentState, keyof Metrics & `agents${string}`][] = [
  ['available', 'agentsAvailable'],
  ['talking', 'agentsOnCall'],
  ['ringing', 'agentsRinging'],
  ['wrap_up', 'agentsWrapUp'],
  ['paused', 'agentsPaused'],
];

/** Who could take the next call, and what everybody else who is signed in does. */
export function Agents() {
  const { t } = useTranslation();
  const now = useTotals('today');
  const signedIn = now?.agentsSignedIn ?? 0;
  const available = now?.agentsAvailable ?? 0;
  // Somebody waits and nobody is free: more hands are what is missing.
  const isShort = available === 0 && (now?.waiting ?? 0) > 0;
  return (
    <TileFrame
      label={t('agents.name')}
      covers={t('window.now')}
      level={isShort ? 'warning' : 'calm'}
      isLoading={now === undefined}
    >
      <Figure
        text={signedIn === 0 ? NONE : formatCount(available)}
        room={3}
        footRem={signedIn === 0 ? 1.5 : 4.25}
        {...(signedIn > 0 && { beside: t('agents.ofUnit', { figure: formatCount(signedIn) }) })}
      />
      {signedIn === 0 && <Context>{t('agents.nobody')}</Context>}
      {now && signedIn > 0 && (
        <div className={styles.parts}>
          <div className={styles.bar} aria-hidden="true">
            {PARTS.map(([state, metric]) => (
              <span
                key={state}
                style={{ flexGrow: now[metric], backgroundColor: AGENT_LOOKS[state].color }}
                data-empty={now[metric] === 0}
              />
            ))}
          </div>
          <ul className={styles.key}>
            {PARTS.map(([state, metric]) => (
              <li key={state}>
                <span style={{ color: AGENT_LOOKS[state].color }}>
                  <Mark shape={AGENT_LOOKS[state].shape} />
                </span>{' '}
                <span className={styles.count}>{formatCount(now[metric])}</span> {t(`agentState.${state}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </TileFrame>
  );
}
