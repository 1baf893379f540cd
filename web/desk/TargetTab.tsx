import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { OnTarget, OnTargetRow } from '../../shared/contract/onTarget.ts';
import {
  compareNames,
  formatCount,
  formatLocalDate,
  formatPercent,
  formatWeekdayName,
} from '../ui/format.ts';
import { By } from './By.tsx';
import type { Column } from './columns.ts';
import desk from './Desk.module.css';
import { LOOK_UP_DAYS, lengthOf } from './days.ts';
import { useAnswer } from './desk.ts';
import { into } from './drill.ts';
import { Pending } from './Message.tsx';
import { timeOf } from './pattern.ts';
import { fileNameOf } from './presets.ts';
import { Table } from './Table.tsx';
import type { TabProps } from './Tabs.tsx';
import { useShown } from './useShown.ts';
import { parametersOf } from './useView.ts';
import { addressOf, type View, withoutRow } from './view.ts';
import styles from './WaitsTab.module.css';

const COLUMNS: Column<OnTarget>[] = [
  { metric: 'intervals', value: ({ intervals }) => intervals },
  { metric: 'onTarget', value: ({ onTarget }) => onTarget },
  { metric: 'onTargetShare', value: ({ onTargetShare }) => onTargetShare, hasBar: true },
  { metric: 'target', value: ({ target }) => target },
];

const WAYS = ['queue', 'day', 'hour'] as const;

/** How often callers found the service that is wanted, and not on average: quarters of an hour that kept the target. */
export function TargetTab({ view, days, isMoving }: TabProps) {
  const { t } = useTranslation();
  const chosen = WAYS.find((one) => one === view.by) ?? 'queue';
  const isTooLong = lengthOf(days.startDate, days.endDate) > LOOK_UP_DAYS;
  const parameters = parametersOf(view, days, { zone: true });
  parameters.set('groupBy', chosen);
  if (view.definition !== null) parameters.set('definition', view.definition);
  const { data, isPlaceholderData, error, refetch } = useAnswer(
    'analytics/performance/on-target',
    parameters,
    {
      isMoving,
      isWanted: !isTooLong,
    },
  );
  const by = useShown(chosen, isPlaceholderData);
  if (isTooLong) return <p className={desk.quiet}>{t('desk.lookUpTooLong')}</p>;
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const { total, definition, thresholds } = data.meta;
  const seconds = thresholds.thresholdSeconds;
  return (
    <>
      <div className={desk.panelHead}>
        <p className={`${desk.readout} ${styles.told}`}>
          <strong>{formatPercent(total.onTargetShare, 1)}</strong>{' '}
          {t(seconds === null ? 'desk.target.saidTheirs' : 'desk.target.said', {
            figure: formatCount(total.intervals),
            target: formatPercent(total.target, 0),
            definition: t(`desk.definition.${definition}`),
            seconds: seconds === null ? '' : formatCount(seconds),
          })}
        </p>
        <By view={view} ways={WAYS} by={chosen} words="target" />
      </div>
      {data.data.length === 0 ? (
        <p className={desk.quiet}>{t('desk.target.none')}</p>
      ) : (
        <Table<OnTarget, OnTargetRow>
          kind={`on-target-${by}`}
          title={t('desk.tab.target')}
          first={t(by === 'hour' ? 'desk.target.hour' : `desk.first.${by}`)}
          view={view}
          days={fileNameOf(days)}
          isOld={by !== chosen}
          rows={by === 'queue' ? inNames(data.data) : data.data}
          columns={COLUMNS}
          usual={COLUMNS.map(({ metric }) => metric)}
          isInOrder={by !== 'queue'}
          idOf={idOf}
          nameOf={nameOfRow}
          hrefOf={(row) => hrefOf(view, row)}
          total={by === 'queue' ? null : total}
          note={noteOf(view, by, t)}
        />
      )}
    </>
  );
}

function noteOf({ threshold, shortAbandon }: View, by: (typeof WAYS)[number], t: TFunction): string {
  const note = t(`desk.target.${by}Note`);
  return threshold === null && shortAbandon === null ? note : `${note} ${t('desk.target.rules')}`;
}

/** The server has queues by their ids. */
function inNames(rows: readonly OnTargetRow[]): readonly OnTargetRow[] {
  return rows.toSorted((a, b) => compareNames(nameOfRow(a), nameOfRow(b)));
}

function idOf(row: OnTargetRow): string {
  if ('queueId' in row) return row.queueId;
  return 'date' in row ? row.date : `${row.weekday} ${row.startMinutes}`;
}

function nameOfRow(row: OnTargetRow): string {
  if ('queueId' in row) return row.name;
  if ('date' in row) return formatLocalDate(row.date, 'day');
  return `${formatWeekdayName(row.weekday)} ${timeOf(row.startMinutes)}`;
}

/** Into the queue, the day, or the days behind an hour of the week. */
function hrefOf(view: View, row: OnTargetRow): string {
  const from = withoutRow({ ...view, sort: null });
  if ('queueId' in row) return addressOf({ ...from, queues: [row.queueId], by: 'day' });
  if ('date' in row) return addressOf(into(view, { startDate: row.date, endDate: row.date }));
  const { weekday, startMinutes } = row;
  return addressOf({
    ...from,
    tab: 'pattern',
    metric: 'serviceLevel',
    step: 'hour',
    cell: { weekday, startMinutes },
  });
}
