import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatCount, formatPercent } from '../ui/format.ts';
import { levelBeyond } from './levels.ts';

/** The share of callers who gave up today, and how many that are. */
export function Abandoned() {
  const { t } = useTranslation();
  const today = useTotals('today');
  const ratio = today?.abandonmentRate ?? null;
  const targets = today?.targets;
  const isLow = today?.lowSample.includes('abandonmentRate') ?? false;
  return (
    <TileFrame
      label={t('abandoned.name')}
      covers={t('window.today')}
      level={
        ratio === null || isLow || !targets
          ? 'calm'
          : levelBeyond(ratio, targets.abandonmentRate, targets.abandonmentCritical)
      }
      isLoading={today === undefined}
    >
      <Figure text={formatPercent(ratio)} room={3} isDim={isLow} explainedBy="abandonmentRate" />
      <Context>
        {t('abandoned.of', {
          figure: formatCount(today?.abandoned ?? 0),
          offered: formatCount(today?.offered ?? 0),
        })}
      </Context>
    </TileFrame>
  );
}
