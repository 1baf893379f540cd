import { useTranslation } from 'react-i18next';
import type { TransfersRow } from '../../shared/contract/transfers.ts';
import { Beside } from './Beside.tsx';
import { By } from './By.tsx';
import { type Column, TRANSFERS } from './columns.ts';
import desk from './Desk.module.css';
import { LOOK_UP_DAYS, lengthOf } from './days.ts';
import { useAnswer } from './desk.ts';
import { Kept } from './Kept.tsx';
import { Pending } from './Message.tsx';
import { callsOfDays, callsTransferred } from './points.ts';
import { fileNameOf } from './presets.ts';
import { Table } from './Table.tsx';
import type { TabProps } from './Tabs.tsx';
import { useShown } from './useShown.ts';
import { parametersOf } from './useView.ts';

const COLUMNS: Column<TransfersRow>[] = [
  { metric: 'transfers', value: ({ transfers }) => transfers, hasBar: true },
  { metric: 'share', value: ({ share }) => share },
];

const WAYS = ['queue', 'route'] as const;

/** Where agents transferred their calls to: who gets work that was not meant for them, and from where. */
export function TransfersTab({ view, days, isMoving }: TabProps) {
  const { t } = useTranslation();
  const chosen = WAYS.find((one) => one === view.by) ?? 'queue';
  const isTooLong = lengthOf(days.startDate, days.endDate) > LOOK_UP_DAYS;
  const parameters = parametersOf(view, days, { zone: true });
  parameters.set('groupBy', chosen === 'route' ? 'route' : 'destination');
  const { data, isPlaceholderData, error, refetch } = useAnswer(
    'analytics/performance/transfers',
    parameters,
    {
      isMoving,
      isWanted: !isTooLong,
    },
  );
  const by = useShown(chosen, isPlaceholderData);
  if (isTooLong) return <p className={desk.quiet}>{t('desk.lookUpTooLong')}</p>;
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const { total, factsSince } = data.meta;
  const destination = ({ to, toName }: TransfersRow): string =>
    to === 'queue' ? (toName ?? '') : t(`desk.transfers.${to}`);
  return (
    <>
      <div className={desk.panelHead}>
        <div className={desk.readout}>
          <Beside metrics={TRANSFERS} of={{ ...total, lowSample: [] }} view={view} />
        </div>
        <By view={view} ways={WAYS} by={chosen} words="transfers" />
      </div>
      <Kept since={factsSince} />
      {data.data.length === 0 ? (
        <p className={desk.quiet}>{t('desk.transfers.none')}</p>
      ) : (
        <Table
          kind="transfers"
          title={t('desk.tab.transfers')}
          first={t(by === 'route' ? 'desk.transfers.route' : 'desk.transfers.destination')}
          view={view}
          days={fileNameOf(days)}
          isOld={by !== chosen}
          rows={data.data}
          columns={COLUMNS}
          usual={COLUMNS.map(({ metric }) => metric)}
          isInOrder
          idOf={({ fromQueueId, to, toQueueId }) => JSON.stringify([fromQueueId, to, toQueueId])}
          nameOf={(row) =>
            row.fromName === null
              ? destination(row)
              : t('desk.transfers.way', { from: row.fromName, to: destination(row) })
          }
          hrefOf={({ fromQueueId, to, toQueueId }) => {
            const of = fromQueueId === null ? view : { ...view, queues: [fromQueueId], sectors: [] };
            if (to === 'elsewhere') return callsOfDays(of, days, 'transferredElsewhere');
            return toQueueId === null ? null : callsTransferred(of, days, toQueueId);
          }}
          note={t('desk.transfers.note')}
        />
      )}
    </>
  );
}
