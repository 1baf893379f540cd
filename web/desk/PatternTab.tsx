import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PatternRow } from '../../shared/contract/analytics.ts';
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatPercent,
  formatWeekdayName,
} from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import desk from './Desk.module.css';
import { lengthOf } from './days.ts';
import { useAnswer, useDesk } from './desk.ts';
import { moveAmongFigures } from './figureKeys.ts';
import { Pending } from './Message.tsx';
import { kindOfMetric, levelOf, targetOf, written } from './measures.ts';
import { PatternDays } from './PatternDays.tsx';
import styles from './PatternTab.module.css';
import { columnsOf, distanceOf, figureOf, timeOf } from './pattern.ts';
import { Scroll } from './Scroll.tsx';
import { Segments } from './Segments.tsx';
import type { TabProps } from './Tabs.tsx';
import { targetsOf } from './targets.ts';
import { parametersOf } from './useView.ts';
import { addressOf, type ChartMetric, withoutRow } from './view.ts';

/** As the API has it (shared/contract/analyticsQuery.ts). */
const DAYS_LIMIT = 366;

/** The metric chosen above by weekday and time of day: when it is always so, and not just once. */
export function PatternTab(props: TabProps) {
  const { view, days, known, isMoving } = props;
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const [at, setAt] = useState<PatternRow | null>(null);
  const step = view.step === 'interval' ? 'interval' : 'hour';
  const isTooLong = lengthOf(days.startDate, days.endDate) > DAYS_LIMIT;
  const parameters = parametersOf(view, days, { rules: true, zone: true });
  parameters.set('step', step);
  const { data, error, refetch } = useAnswer('analytics/performance/pattern', parameters, {
    isMoving,
    isWanted: !isTooLong,
  });
  if (isTooLong) return <p className={desk.quiet}>{t('desk.pattern.tooLong')}</p>;
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const { metric } = view;
  const targets = targetsOf(view, known);
  // Of those who hung up it is the share that is judged.
  const judged = metric === 'abandoned' ? 'abandonmentRate' : metric;
  const target = targetOf(judged, targets);
  const { stepMinutes } = data.meta;
  const times = columnsOf(data.data, stepMinutes, calendar.dayStartMinutes);
  const cells = new Map(data.data.map((row) => [`${row.weekday} ${row.startMinutes}`, row]));
  const most = Math.max(0, ...data.data.map((row) => figureOf(row, metric) ?? 0));
  const weekdays = Array.from({ length: 7 }, (_, place) => ((calendar.weekStart - 1 + place) % 7) + 1);
  const isWide = step === 'hour';
  const cell = view.cell && {
    ...view.cell,
    row: cells.get(`${view.cell.weekday} ${view.cell.startMinutes}`),
  };
  return (
    <>
      <div className={desk.panelHead}>
        <p className={desk.readout} data-idle={at === null}>
          {at === null ? (
            t('desk.pattern.note', { metric: t(`desk.metric.${metric}`) })
          ) : (
            <>
              <strong>{`${formatWeekdayName(at.weekday)} ${timeOf(at.startMinutes)}`}</strong>
              {t('desk.pattern.of', {
                metric: t(`desk.metric.${metric}`),
                figure: said(at, metric),
                offered: formatCount(at.offered),
                count: at.days,
              })}
            </>
          )}
        </p>
        <Segments
          name={t('desk.pattern.steps')}
          choices={['hour', 'interval']}
          chosen={step}
          hrefOf={(one) => addressOf({ ...withoutRow(view), step: one, cell: null })}
          textOf={(one) => t(`desk.step.${one}`)}
        />
      </div>
      <Scroll className={styles.scroll} name={t('desk.tab.pattern')}>
        <table
          className={styles.heat}
          data-step={step}
          onPointerLeave={() => setAt(null)}
          onKeyDown={moveAmongFigures}
        >
          <thead>
            <tr>
              <td />
              {times.map((minutes) => (
                <th key={minutes} scope="col">
                  {isWide || minutes % 60 === 0 ? (
                    timeOf(minutes)
                  ) : (
                    <span className="visually-hidden">{timeOf(minutes)}</span>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weekdays.map((weekday) => {
              // One stop for Tab in each row; arrow keys go along it.
              let first: PatternRow | null = null;
              return (
                <tr key={weekday} data-row>
                  <th scope="row">{formatWeekdayName(weekday, 'short')}</th>
                  {times.map((minutes) => {
                    const row = cells.get(`${weekday} ${minutes}`);
                    const value = row ? figureOf(row, metric) : null;
                    if (!row || value === null) return <td key={minutes} />;
                    first ??= row;
                    const level = levelOf(metric, row, targets);
                    const isOpen = cell?.row === row;
                    return (
                      <td
                        key={minutes}
                        data-level={level}
                        data-low={row.lowSample.includes(metric)}
                        style={{
                          '--heat': most > 0 ? value / most : 0,
                          '--off': distanceOf(row[judged], target),
                        }}
                        onPointerEnter={() => setAt(row)}
                      >
                        <a
                          href={addressOf({
                            ...withoutRow(view),
                            cell: isOpen ? null : { weekday, startMinutes: minutes },
                            sort: null,
                          })}
                          aria-current={isOpen ? 'true' : undefined}
                          tabIndex={row === first ? undefined : -1}
                          onFocus={() => setAt(row)}
                        >
                          {(level === 'critical' || level === 'warning') && (
                            <>
                              <Mark shape={level === 'critical' ? 'square' : 'triangle'} />
                              <span className="visually-hidden">{t(`level.${level}`)} </span>
                            </>
                          )}
                          <span className={isWide ? undefined : 'visually-hidden'}>
                            {short(value, metric)}
                          </span>
                        </a>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {cell?.row && (
        <PatternDays
          key={`${step} ${cell.weekday} ${cell.startMinutes}`}
          {...props}
          row={cell.row}
          patternStep={step}
        />
      )}
    </>
  );
}

/** In a cell there is room for four characters. */
function short(value: number, metric: ChartMetric): string {
  switch (kindOfMetric(metric)) {
    case 'percent':
      return formatPercent(value);
    case 'duration':
      return formatDuration(value);
    default:
      return value < 10 ? formatDecimal(value) : formatCount(value);
  }
}

function said(row: PatternRow, metric: ChartMetric): string {
  const kind = kindOfMetric(metric);
  return written(figureOf(row, metric), kind === 'count' ? 'decimal' : kind);
}
