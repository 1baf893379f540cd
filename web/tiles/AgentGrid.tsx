import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../shared/contract/metrics.ts';
import { TileFrame } from '../board/TileFrame.tsx';
import { useAgents, useTotals } from '../live/hooks.ts';
import { Elapsed } from '../ui/Elapsed.tsx';
import { compareNames, formatCount } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { Name } from '../ui/Name.tsx';
import { useRoom } from '../ui/useRoom.ts';
import styles from './AgentGrid.module.css';
import { AGENT_LOOKS } from './agentStates.ts';

const CELL_REM = 9.75;
const ROW_REM = 2.75;
const GAP_REM = 0.5;

/** Everybody signed in, always in the same place: by name, what they do and for how long. */
export function AgentGrid() {
  const { t } = useTranslation();
  const isLoading = useTotals('today') === undefined;
  const agents = useAgents().filter(({ state }) => state !== 'offline');
  const [ref, room] = useRoom();
  const fits = (px: number, rem: number): number =>
    Math.max(1, Math.floor((px + GAP_REM * (room?.rem ?? 16)) / ((rem + GAP_REM) * (room?.rem ?? 16))));
  const columns = room === null ? 1 : fits(room.width, CELL_REM);
  const places = room === null ? 0 : columns * fits(room.height, ROW_REM);
  const sorted = agents.sort((a, b) => compareNames(a.name, b.name) || compareNames(a.agentId, b.agentId));
  const shown = sorted.slice(0, sorted.length > places ? places - 1 : places);
  const more = sorted.length - shown.length;
  return (
    <TileFrame
      label={t('agentGrid.name')}
      covers={agents.length > 0 ? t('agentGrid.signedIn', { figure: formatCount(agents.length) }) : undefined}
      isLoading={isLoading}
      empty={agents.length === 0 && t('agentGrid.empty')}
    >
      <ul ref={ref} className={styles.grid} style={{ '--columns': columns }}>
        {shown.map((agent) => (
          <Agent key={agent.agentId} agent={agent} />
        ))}
        {more > 0 && <li className={styles.more}>{t('tile.more', { figure: formatCount(more) })}</li>}
      </ul>
    </TileFrame>
  );
}

function Agent({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const look = AGENT_LOOKS[agent.state];
  const isOutbound = agent.state === 'talking' && agent.reason === 'outbound';
  const reason = agent.state === 'paused' && agent.reason ? agent.reason : null;
  const state = t(isOutbound ? 'agentState.outbound' : `agentState.${agent.state}`);
  return (
    <li className={styles.agent} data-state={agent.state}>
      <span className={styles.mark} style={{ color: look.color }}>
        <Mark shape={look.shape} />
      </span>
      <span className={styles.name} title={agent.name}>
        <Name>{agent.name}</Name>
      </span>
      <span className={styles.state}>
        <Name>{agent.unreachable ? t('agentGrid.unreachable') : (reason ?? state)}</Name>
      </span>
      <span className={styles.time}>
        <Elapsed since={agent.stateSince} />
      </span>
    </li>
  );
}
