import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatPercent } from '../ui/format.ts';
import { levelOfTarget } from './levels.ts';

/** The last half hour is what can still be helped; the day stands beside it. */
export function ServiceLevel({ config }: { config: { target: number; critical: number } }) {
  const { t } = useTranslation();
  const recent = useTotals('last30');
  const today = useTotals('today');
  const isLow = recent?.lowSample.includes('serviceLevel') ?? false;
  const ratio = recent?.serviceLevel ?? null;
  const seconds = recent?.thresholdSeconds ?? null;
  const target = formatPercent(config.target);
  const context =
    seconds === null || isLow
      ? t('serviceLevel.targetOnly', { target })
      : t('serviceLevel.target', { target, seconds });
  return (
    <TileFrame
      label={t('serviceLevel.name')}
      covers={t('window.last30')}
      level={levelOfTarget(ratio, config.target, config.critical, isLow)}
      isLoading={recent === undefined}
    >
      <Figure
        text={formatPercent(ratio)}
        room={4}
        isDim={isLow}
        beside={{ value: formatPercent(today?.serviceLevel ?? null), of: t('window.today') }}
      />
      <Context>{isLow && ratio !== null ? `${t('tile.lowSample')} · ${context}` : context}</Context>
    </TileFrame>
  );
}
