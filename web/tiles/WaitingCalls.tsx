import { useTranslation } from 'react-i18next';
import type { CallView } from '../../shared/contract/metrics.ts';
import { TileFrame } from '../board/TileFrame.tsx';
import { useCalls, useIsLoading, useQueues, useSecond } from '../live/hooks.ts';
import { formatCount, formatDuration } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { Name } from '../ui/Name.tsx';
import { useRoom } from '../ui/useRoom.ts';
import styles from './WaitingCalls.module.css';

const ROW_REM = 2.5;

/** Who waits, the longest first. */
export function WaitingCalls({ config }: { config: { criticalSeconds: number } }) {
  const { t } = useTranslation();
  const isLoading = useIsLoading();
  const names = new Map(useQueues('today').map(({ queueId, name }) => [queueId, name]));
  const calls = useCalls()
    .filter(({ state }) => state === 'waiting' || state === 'ringing')
    .sort((a, b) => Date.parse(a.enteredAt) - Date.parse(b.enteredAt) || (a.callId < b.callId ? -1 : 1));
  const [ref, room] = useRoom();
  const rows = room === null ? 0 : Math.max(1, Math.floor(room.height / (ROW_REM * room.rem)));
  const shown = calls.slice(0, calls.length > rows ? rows - 1 : rows);
  const more = calls.length - shown.length;
  return (
    <TileFrame
      label={t('calls.name')}
      covers={calls.length > 0 ? `${formatCount(calls.length)} · ${t('calls.order')}` : undefined}
      isLoading={isLoading}
      empty={calls.length === 0 && t('calls.empty')}
    >
      <ul ref={ref} className={styles.list}>
        {shown.map((call) => (
          <Call
            key={call.callId}
            call={call}
            queue={names.get(call.queueId) ?? call.queueId}
            criticalSeconds={config.criticalSeconds}
          />
        ))}
        {more > 0 && <li className={styles.more}>{t('tile.more', { figure: formatCount(more) })}</li>}
      </ul>
    </TileFrame>
  );
}

function Call({ call, queue, criticalSeconds }: { call: CallView; queue: string; criticalSeconds: number }) {
  const { t } = useTranslation();
  const waitMs = useSecond() - Date.parse(call.enteredAt);
  const level = waitMs >= criticalSeconds * 1_000 ? 'critical' : call.overThreshold ? 'warning' : 'calm';
  const detail = [
    call.caller === null ? t('calls.unknownCaller') : recognisable(call.caller),
    call.origin !== 'inbound' && t(`calls.${call.origin}`),
    call.state === 'ringing' && t('calls.ringing'),
  ].filter((part) => part !== false);
  return (
    <li className={styles.call} data-level={level}>
      <span className={styles.queue}>
        <Name>{queue}</Name>
      </span>
      <span className={styles.detail}>{detail.join(' · ')}</span>
      <span className={styles.wait}>
        {level !== 'calm' && (
          <>
            <Mark shape={level === 'critical' ? 'square' : 'triangle'} />
            <span className="visually-hidden">{t('calls.over')}</span>{' '}
          </>
        )}
        {formatDuration(waitMs)}
      </span>
    </li>
  );
}

/** Of a caller kept as a token and four digits, the digits: nobody recognises the rest. */
function recognisable(caller: string): string {
  return caller.replace(/^[0-9a-f]{16}(?=…)/, '');
}
