import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PatternRow, PerformanceMetrics } from '../../shared/contract/analytics.ts';
import { formatWeekdayName } from '../ui/format.ts';
import { performanceColumns, USUAL } from './columns.ts';
import desk from './Desk.module.css';
import { useAnswer, useDesk } from './desk.ts';
import { Pending } from './Message.tsx';
import styles from './PatternTab.module.css';
import { timeOf } from './pattern.ts';
import { callsAddress, nameOfStep } from './points.ts';
import { fileNameOf } from './presets.ts';
import { Table } from './Table.tsx';
import type { TabProps } from './Tabs.tsx';
import { targetsOf } from './targets.ts';
import { parametersOf } from './useView.ts';
import { addressOf, withoutRow } from './view.ts';

interface PatternDaysProps extends TabProps {
  row: PatternRow;
  patternStep: 'hour' | 'interval';
}

type Day = PerformanceMetrics & { lastedMs: number };

const DAY_MINUTES = 1_440;

/** The days that one cell of the pattern lays over each other, each with its calls: whether it is always so, or was once. */
export function PatternDays({ view, days, known, isMoving, row, patternStep }: PatternDaysProps) {
  const { t } = useTranslation();
  const { calendar, now } = useDesk();
  const { weekday, startMinutes } = row;
  const parameters = parametersOf(view, days, { rules: true, zone: true });
  for (const [name, value] of Object.entries({ step: patternStep, weekday, startMinutes }))
    parameters.set(name, String(value));
  const { data, error, refetch } = useAnswer('analytics/performance/pattern/days', parameters, { isMoving });
  const title = t('desk.pattern.when', {
    weekday: formatWeekdayName(weekday),
    from: timeOf(startMinutes),
    to: timeOf((startMinutes + (patternStep === 'hour' ? 60 : 15)) % DAY_MINUTES),
  });
  // Below a table that fills a phone it would open out of sight.
  const section = useRef<HTMLDivElement>(null);
  const isHere = data !== undefined;
  useEffect(() => {
    if (isHere) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isHere]);
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const rows = data.data.map((day) => ({
    ...day,
    lastedMs: Math.max(0, Math.min(Date.parse(day.end), now()) - Date.parse(day.start)),
  }));
  const lastedMs = rows.reduce((sum, day) => sum + day.lastedMs, 0);
  const targets = targetsOf(view, known);
  const columns = performanceColumns<Day>(
    (day) => day.lastedMs,
    () => targets,
  );
  return (
    <div ref={section} className={styles.days}>
      <div className={desk.panelHead}>
        <h2>{title}</h2>
        <p className={desk.readout} />
        <a className={desk.button} href={addressOf({ ...withoutRow(view), cell: null, sort: null })}>
          <X aria-hidden="true" /> {t('desk.pattern.close')}
        </a>
      </div>
      <Table<Day, (typeof rows)[number]>
        kind="pattern-days"
        title={title}
        first={t('desk.first.day')}
        view={view}
        days={fileNameOf(days)}
        explain={data.meta.explain}
        isMoving={isMoving}
        rows={rows}
        columns={columns}
        usual={USUAL}
        isInOrder
        idOf={({ start }) => start}
        nameOf={(day) => nameOfStep(day, 'day', calendar)}
        hrefOf={({ start, end }) => callsAddress(view, { from: start, to: end })}
        markOf={({ partial }) => (partial ? t('desk.partial') : null)}
        total={{ ...row, lastedMs }}
        isTotalOfPart
        note={t('desk.pattern.daysOf', { count: rows.length })}
      />
    </div>
  );
}
