import { useTranslation } from 'react-i18next';
import { TileFrame } from '../board/TileFrame.tsx';
import { useLive, useTotals, useTrend } from '../live/hooks.ts';
import { Context, Figure } from '../ui/Figure.tsx';
import { formatChange, formatCount, formatWeekday, NONE } from '../ui/format.ts';

/** Calls offered today, against the same weekday a week ago by this time of day. */
export function Offered() {
  const { t } = useTranslation();
  const { timeZone } = useLive();
  const today = useTotals('today');
  const trend = useTrend();
  const before = trend?.lastWeek?.offeredByNow ?? null;
  const text = today ? formatCount(today.offered) : NONE;
  const context =
    today && trend && before
      ? t('offered.against', {
          change: formatChange(today.offered / before - 1),
          weekday: formatWeekday(Date.parse(trend.since), timeZone),
        })
      : t('offered.answered', { figure: formatCount(today?.answered ?? 0) });
  return (
    <TileFrame label={t('offered.name')} covers={t('window.today')} isLoading={today === undefined}>
      <Figure text={text} room={5} explainedBy="offered" />
      <Context>{context}</Context>
    </TileFrame>
  );
}
