import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatDuration } from '../ui/format.ts';
import { levelOfLimit } from './levels.ts';

/** Average speed of answer: how long those who were answered had waited. */
export function Asa() {
  const { t } = useTranslation();
  const recent = useTotals('last30');
  const today = useTotals('today');
  const target = recent?.targets.asaMs ?? null;
  const isLow = recent?.lowSample.includes('asaMs') ?? false;
  const meaning = target === null ? t('asa.meaning') : t('asa.target', { target: formatDuration(target) });
  return (
    <TileFrame
      label={t('asa.name')}
      covers={t('window.last30')}
      level={levelOfLimit(recent?.asaMs ?? null, target, isLow)}
      isLoading={recent === undefined}
    >
      <Figure
        text={formatDuration(recent?.asaMs ?? null)}
        room={4}
        isDim={isLow}
        beside={{ value: formatDuration(today?.asaMs ?? null), of: t('window.today'), explainedBy: 'asaMs' }}
      />
      <Context>{isLow ? t('tile.lowSample') : meaning}</Context>
    </TileFrame>
  );
}
