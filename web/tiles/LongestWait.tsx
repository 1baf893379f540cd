import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useQueues, useSecond, useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatDuration, NONE } from '../ui/format.ts';
import { Name } from '../ui/Name.tsx';
import { levelAbove } from './levels.ts';

/** How long the caller at the head of all queues has been waiting, and in which. */
export function LongestWait({ config }: { config: { warningSeconds: number; criticalSeconds: number } }) {
  const { t } = useTranslation();
  const totals = useTotals('today');
  const queues = useQueues('today');
  const now = useSecond();
  const since = totals?.longestWaitSince ?? null;
  const waitMs = since === null ? null : Math.max(0, now - Date.parse(since));
  const queue =
    since === null ? undefined : queues.find(({ longestWaitSince }) => longestWaitSince === since);
  const level =
    waitMs === null ? 'calm' : levelAbove(waitMs / 1_000, config.warningSeconds, config.criticalSeconds);
  return (
    <TileFrame
      label={t('longestWait.name')}
      covers={t('window.now')}
      level={level}
      isLoading={totals === undefined}
    >
      <Figure text={waitMs === null ? NONE : formatDuration(waitMs)} room={5} isTicking />
      <Context>{waitMs === null ? t('longestWait.nobody') : <Name>{queue?.name ?? ''}</Name>}</Context>
    </TileFrame>
  );
}
