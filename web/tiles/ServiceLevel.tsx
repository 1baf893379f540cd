import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatPercent } from '../ui/format.ts';
import { levelOfTarget } from './levels.ts';

/** The last half hour is what can still be helped; the day stands beside it. */
export function ServiceLevel() {
  const { t } = useTranslation();
  const recent = useTotals('last30');
  const today = useTotals('today');
  const isLow = recent?.lowSample.includes('serviceLevel') ?? false;
  const ratio = recent?.serviceLevel ?? null;
  const seconds = recent?.thresholdSeconds ?? null;
  const targets = recent?.targets;
  const wanted = targets?.serviceLevel ?? null;
  const target = formatPercent(wanted, wanted !== null && Math.round(wanted * 1_000) % 10 > 0 ? 1 : 0);
  const context =
    seconds === null || isLow
      ? t('serviceLevel.targetOnly', { target })
      : t('serviceLevel.target', { target, seconds });
  return (
    <TileFrame
      label={t('serviceLevel.name')}
      covers={t('window.last30')}
      level={
        targets ? levelOfTarget(ratio, targets.serviceLevel, targets.serviceLevelCritical, isLow) : 'calm'
      }
      isLoading={recent === undefined}
    >
      <Figure
        text={formatPercent(ratio)}
        room={4}
        isDim={isLow}
        beside={{
          value: formatPercent(today?.serviceLevel ?? null),
          of: t('window.today'),
          explainedBy: 'serviceLevel',
        }}
      />
      <Context>{isLow && ratio !== null ? `${t('tile.lowSample')} · ${context}` : context}</Context>
    </TileFrame>
  );
}
