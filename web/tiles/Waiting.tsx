import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatCount, NONE } from '../ui/format.ts';
import { levelAbove } from './levels.ts';

/** Callers waiting now, and how many of them already too long. */
export function Waiting({ config }: { config: { warning: number; critical: number } }) {
  const { t } = useTranslation();
  const totals = useTotals('today');
  const waiting = totals?.waiting ?? 0;
  const over = totals?.waitingOverThreshold ?? 0;
  const seconds = totals?.thresholdSeconds ?? null;
  const figure = formatCount(over);
  const suffix = seconds === null ? 'Theirs' : '';
  const context =
    over > 0 ? t(`waiting.over${suffix}`, { figure, seconds }) : t(`waiting.noneOver${suffix}`, { seconds });
  return (
    <TileFrame
      label={t('waiting.name')}
      covers={t('window.now')}
      level={levelAbove(waiting, config.warning, config.critical)}
      isLoading={totals === undefined}
    >
      <Figure text={totals ? formatCount(waiting) : NONE} room={3} />
      <Context>{waiting === 0 ? t('waiting.nobody') : context}</Context>
    </TileFrame>
  );
}
