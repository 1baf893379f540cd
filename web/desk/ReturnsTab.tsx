import { useTranslation } from 'react-i18next';
import type { CalledBack, CalledBackRow } from '../../shared/contract/calledBack.ts';
import { formatDateTime } from '../ui/format.ts';
import { Beside } from './Beside.tsx';
import { RETURN_COLUMNS } from './columns.ts';
import desk from './Desk.module.css';
import { LOOK_UP_DAYS, lengthOf } from './days.ts';
import { useAnswer, useDesk } from './desk.ts';
import { Kept } from './Kept.tsx';
import { Pending } from './Message.tsx';
import { callsOfDays } from './points.ts';
import { fileNameOf } from './presets.ts';
import { Table } from './Table.tsx';
import type { TabProps } from './Tabs.tsx';
import { parametersOf } from './useView.ts';

const COLUMNS = RETURN_COLUMNS.map(({ metric }) => metric);

/** No centre has more queues. */
const ALL = '1000';

/** Of the callers who gave up, those who tried again and were answered: what was not lost after all. */
export function ReturnsTab({ view, days, isMoving }: TabProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const isTooLong = lengthOf(days.startDate, days.endDate) > LOOK_UP_DAYS;
  const parameters = parametersOf(view, days, { zone: true });
  parameters.set('limit', ALL);
  const { data, error, refetch } = useAnswer('analytics/performance/called-back', parameters, {
    isMoving,
    isWanted: !isTooLong,
  });
  if (isTooLong) return <p className={desk.quiet}>{t('desk.lookUpTooLong')}</p>;
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const { total, explain, factsSince, firstContactDays, openSince } = data.meta;
  const open =
    openSince !== null &&
    t('desk.returns.open', { since: formatDateTime(Date.parse(openSince), calendar.timeZone) });
  return (
    <>
      <Beside metrics={COLUMNS} of={total} view={view} />
      <Kept since={factsSince} />
      {data.data.length === 0 ? (
        <p className={desk.quiet}>{t('desk.returns.none')}</p>
      ) : (
        <Table<CalledBack, CalledBackRow>
          kind="called-back"
          title={t('desk.tab.returns')}
          first={t('desk.first.queue')}
          view={view.sort === null ? { ...view, sort: { column: 'abandoned', isDescending: true } } : view}
          days={fileNameOf(days)}
          explain={explain}
          isMoving={isMoving}
          rows={data.data}
          columns={RETURN_COLUMNS}
          usual={COLUMNS}
          idOf={({ queueId }) => queueId}
          nameOf={({ name }) => name}
          hrefOf={({ queueId }) =>
            callsOfDays({ ...view, queues: [queueId], sectors: [] }, days, 'abandonedReturned')
          }
          note={
            <>
              {t('desk.returns.note', { days: firstContactDays })} {open}
            </>
          }
        />
      )}
    </>
  );
}
