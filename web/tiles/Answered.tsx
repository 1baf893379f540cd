import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useTotals } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatCount, NONE } from '../ui/format.ts';

/** Calls answered today, of those offered. */
export function Answered() {
  const { t } = useTranslation();
  const today = useTotals('today');
  const text = today ? formatCount(today.answered) : NONE;
  return (
    <TileFrame label={t('answered.name')} covers={t('window.today')} isLoading={today === undefined}>
      <Figure text={text} room={text.length < 4 ? 3 : text.length} explainedBy="answered" />
      <Context>{t('answered.of', { figure: formatCount(today?.offered ?? 0) })}</Context>
    </TileFrame>
  );
}
