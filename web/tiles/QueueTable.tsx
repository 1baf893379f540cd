import { useTranslation } from 'react-i18next';
import type { QueueMetrics } from '../../shared/contract/metrics.ts';
import { Explained } from '../board/Explained.tsx';
import { type Level, TileFrame } from '../board/TileFrame.tsx';
import { useIsLoading, useLive, useQueues, useSecond } from '../live/hooks.ts';
import { formatCount, formatDuration, formatPercent, formatTime, formatWeekday, NONE } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { Name } from '../ui/Name.tsx';
import { useRoom } from '../ui/useRoom.ts';
import { levelAbove, levelOfLimit, levelOfTarget } from './levels.ts';
import styles from './QueueTable.module.css';
import { isAsleep, worstFirst } from './worstFirst.ts';

/** Rows are as high as there is room for, within reason. */
const ROW_REM = 2.125;
const HIGHEST_ROW_REM = 3.5;
const DAY_MS = 24 * 3_600_000;
const COLUMNS = [
  'waiting',
  'longest',
  'serviceLevel',
  'agents',
  'offered',
  'abandoned',
  'asa',
  'aht',
  'callbacks',
] as const;

/** Every queue today, the one that needs help most on top. */
export function QueueTable({ config }: { config: { criticalSeconds: number } }) {
  const { t } = useTranslation();
  const queues = useQueues('today');
  const isLoading = useIsLoading();
  const [ref, room] = useRoom();
  // Besides the head; the last row says how many more there are, unless it is the only one.
  const rows = room === null ? 0 : Math.max(1, Math.floor(room.height / (ROW_REM * room.rem)) - 1);
  const shown = worstFirst(queues).slice(0, queues.length > rows && rows > 1 ? rows - 1 : rows);
  const more = rows > 1 ? queues.length - shown.length : 0;
  const besides = ROW_REM * (more > 0 ? 2.2 : 1.2);
  const even = room === null ? ROW_REM : (room.height / room.rem - besides) / Math.max(1, shown.length);
  const rowRem = Math.min(HIGHEST_ROW_REM, Math.max(ROW_REM, even));
  return (
    <TileFrame
      label={t('queues.name')}
      covers={`${t('window.today')} · ${t('queues.order')}`}
      isLoading={isLoading}
      empty={queues.length === 0 && t('queues.empty')}
    >
      <div ref={ref} className={styles.room}>
        <table className={styles.table} style={{ '--row': `${rowRem}rem` }}>
          <thead>
            <tr>
              <th scope="col">{t('queues.queue')}</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" data-column={column}>
                  <span className={styles.long}>{t(`queues.${column}`)}</span>
                  <span className={styles.short}>{t([`queues.short.${column}`, `queues.${column}`])}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((queue) => (
              <Row key={queue.queueId} queue={queue} criticalSeconds={config.criticalSeconds} />
            ))}
          </tbody>
        </table>
        {more > 0 && <p className={styles.more}>{t('tile.more', { figure: formatCount(more) })}</p>}
      </div>
    </TileFrame>
  );
}

function Row({ queue, criticalSeconds }: { queue: QueueMetrics; criticalSeconds: number }) {
  const { t } = useTranslation();
  const { targets } = queue;
  const low = new Set(queue.lowSample);
  const asleep = isAsleep(queue);
  const isClosed = queue.opening?.isOpen === false;
  const serviceLevel = levelOfTarget(
    queue.serviceLevel,
    targets.serviceLevel,
    targets.serviceLevelCritical,
    low.has('serviceLevel') || asleep,
  );
  const isAbandoning =
    queue.abandonmentRate !== null &&
    !asleep &&
    !low.has('abandonmentRate') &&
    queue.abandonmentRate > targets.abandonmentRate;
  const isShort = queue.waiting > 0 && queue.agentsAvailable === 0;
  return (
    <tr data-asleep={asleep}>
      <th scope="row" title={queue.name}>
        <span className={styles.queue}>
          <Name>{queue.name}</Name>
          {isClosed && queue.waiting > 0 && <span className={styles.closed}>{t('queues.closed')}</span>}
        </span>
      </th>
      {isClosed && queue.waiting === 0 ? (
        <td colSpan={2} className={styles.closed}>
          <span className={styles.long}>
            <ClosedUntil changesAt={queue.opening?.changesAt ?? null} />
          </span>
          <span className={styles.short}>{t('queues.closed')}</span>
        </td>
      ) : (
        <>
          <td data-column="waiting" data-zero={queue.waiting === 0}>
            {formatCount(queue.waiting)}
          </td>
          <td data-column="longest">
            {queue.longestWaitSince === null ? (
              NONE
            ) : (
              <Wait
                since={queue.longestWaitSince}
                thresholdSeconds={queue.thresholdSeconds}
                criticalSeconds={criticalSeconds}
              />
            )}
          </td>
        </>
      )}
      <Cell
        column="serviceLevel"
        explained={{ metric: 'serviceLevel', queueId: queue.queueId }}
        level={serviceLevel}
        isLow={low.has('serviceLevel')}
      >
        {formatPercent(queue.serviceLevel, 1)}
      </Cell>
      <Cell column="agents" level={isShort ? 'warning' : 'calm'}>
        {`${formatCount(queue.agentsAvailable)} / ${formatCount(queue.agentsSignedIn)}`}
      </Cell>
      <td data-column="offered">
        <Explained metric="offered" queueId={queue.queueId}>
          {formatCount(queue.offered)}
        </Explained>
      </td>
      <Cell
        column="abandoned"
        explained={{ metric: 'abandonmentRate', queueId: queue.queueId }}
        level={isAbandoning ? 'warning' : 'calm'}
        isLow={low.has('abandonmentRate')}
      >
        {formatPercent(queue.abandonmentRate, 1)}
      </Cell>
      <Cell
        column="asa"
        explained={{ metric: 'asaMs', queueId: queue.queueId }}
        level={levelOfLimit(queue.asaMs, targets.asaMs, low.has('asaMs') || asleep)}
        isLow={low.has('asaMs')}
      >
        {formatDuration(queue.asaMs)}
      </Cell>
      <Cell
        column="aht"
        explained={{ metric: 'ahtMs', queueId: queue.queueId }}
        level={levelOfLimit(queue.ahtMs, targets.ahtMs, low.has('ahtMs') || asleep)}
        isLow={low.has('ahtMs')}
      >
        {formatDuration(queue.ahtMs)}
      </Cell>
      <td data-column="callbacks" data-zero={queue.callbackBacklog === 0}>
        {formatCount(queue.callbackBacklog)}
      </td>
    </tr>
  );
}

function ClosedUntil({ changesAt }: { changesAt: string | null }) {
  const { t } = useTranslation();
  const { timeZone } = useLive();
  const now = useSecond();
  if (changesAt === null) return t('queues.closed');
  const at = Date.parse(changesAt);
  const time =
    at - now < DAY_MS
      ? formatTime(at, timeZone)
      : `${formatWeekday(at, timeZone, 'short')} ${formatTime(at, timeZone)}`;
  return t('queues.closedUntil', { time });
}

function Wait(props: { since: string; thresholdSeconds: number; criticalSeconds: number }) {
  const now = useSecond();
  const waitMs = now - Date.parse(props.since);
  const level = levelAbove(waitMs / 1_000, props.thresholdSeconds, props.criticalSeconds);
  return <Marked level={level}>{formatDuration(waitMs)}</Marked>;
}

function Cell(props: {
  column: string;
  level: Level;
  isLow?: boolean;
  explained?: { metric: string; queueId: string };
  children: string;
}) {
  const marked = <Marked level={props.level}>{props.children}</Marked>;
  return (
    <td data-column={props.column} data-low={props.isLow}>
      {props.explained ? <Explained {...props.explained}>{marked}</Explained> : marked}
    </td>
  );
}

/** A figure with its shape in front when it is out of bounds; in a table being on target goes without saying. */
function Marked({ level, children }: { level: Level; children: string }) {
  const { t } = useTranslation();
  if (level === 'calm' || level === 'good') return children;
  return (
    <span className={styles.marked} data-level={level} title={t(`level.${level}`)}>
      <Mark shape={level === 'critical' ? 'square' : 'triangle'} />
      <span className="visually-hidden">{t(`level.${level}`)}</span> {children}
    </span>
  );
}
