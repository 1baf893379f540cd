import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../shared/contract/metrics.ts';
import { TileFrame } from '../board/TileFrame.tsx';
import { useAgents, useIsLoading, useQueues, useSecond } from '../live/hooks.ts';
import { compareNames, formatCount, formatDuration } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { Name } from '../ui/Name.tsx';
import { useRoom } from '../ui/useRoom.ts';
import styles from './AgentGrid.module.css';
import { AGENT_LOOKS } from './agentStates.ts';

const CELL_REM = 9.75;
/** A row is this high, or higher where few rows have much room. */
const ROW_REM = 2.5;
const HIGHEST_ROW_REM = 3.25;
const GAP_REM = 0.375;

/** Everybody signed in, always in the same place: by name, what they do and for how long. */
export function AgentGrid() {
  const { t } = useTranslation();
  const isLoading = useIsLoading();
  const agents = useAgents().filter(({ state }) => state !== 'offline');
  const averages = new Map<string | null, number | null>(
    useQueues('today').map((queue) => [
      queue.queueId,
      queue.lowSample.includes('ahtMs') ? null : queue.ahtMs,
    ]),
  );
  const [ref, room] = useRoom();
  const fits = (px: number, rem: number): number =>
    Math.max(1, Math.floor((px + GAP_REM * (room?.rem ?? 16)) / ((rem + GAP_REM) * (room?.rem ?? 16))));
  const columns = room === null ? 1 : fits(room.width, CELL_REM);
  const places = room === null ? 0 : columns * fits(room.height, ROW_REM);
  const sorted = agents.sort((a, b) => compareNames(a.name, b.name) || compareNames(a.agentId, b.agentId));
  const shown = sorted.slice(0, sorted.length > places ? places - 1 : places);
  const more = sorted.length - shown.length;
  const rows = Math.ceil((shown.length + (more > 0 ? 1 : 0)) / columns);
  const even = room === null ? ROW_REM : (room.height / room.rem + GAP_REM) / Math.max(1, rows) - GAP_REM;
  const rowRem = Math.min(HIGHEST_ROW_REM, Math.max(ROW_REM, even));
  return (
    <TileFrame
      label={t('agentGrid.name')}
      covers={agents.length > 0 ? t('agentGrid.signedIn', { figure: formatCount(agents.length) }) : undefined}
      isLoading={isLoading}
      empty={agents.length === 0 && t('agentGrid.empty')}
    >
      <ul ref={ref} className={styles.grid} style={{ '--columns': columns, '--row': `${rowRem}rem` }}>
        {shown.map((agent) => (
          <Agent key={agent.agentId} agent={agent} ahtMs={averages.get(agent.queueId) ?? null} />
        ))}
        {more > 0 && <li className={styles.more}>{t('tile.more', { figure: formatCount(more) })}</li>}
      </ul>
    </TileFrame>
  );
}

interface AgentProps {
  agent: AgentView;
  /** Of the queue whose call it is; null where there is none, or too few to say. */
  ahtMs: number | null;
}

function Agent({ agent, ahtMs }: AgentProps) {
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
      <Time agent={agent} ahtMs={ahtMs} />
    </li>
  );
}

/** Ticks, and says when a pause goes on for longer than its limit or a talk for longer than twice the average. */
function Time({ agent, ahtMs }: AgentProps) {
  const { t } = useTranslation();
  const now = useSecond();
  const { pauseLimitMs } = agent;
  const pausedMs = agent.state === 'paused' ? now - Date.parse(agent.stateSince) : 0;
  const talkMs = agent.callSince === null ? 0 : now - Date.parse(agent.callSince);
  const isTooLong = ahtMs !== null && talkMs > 2 * ahtMs;
  const over =
    pauseLimitMs !== null && pausedMs > pauseLimitMs
      ? t('agentGrid.overPause', { limit: formatDuration(pauseLimitMs) })
      : isTooLong
        ? t('agentGrid.overTalk', { average: formatDuration(ahtMs) })
        : null;
  return (
    <span className={styles.time} data-over={over !== null} title={over ?? undefined}>
      {over !== null && (
        <>
          <Mark shape="triangle" />
          <span className="visually-hidden">{over}</span>{' '}
        </>
      )}
      {formatDuration(isTooLong ? talkMs : now - Date.parse(agent.stateSince))}
    </span>
  );
}
