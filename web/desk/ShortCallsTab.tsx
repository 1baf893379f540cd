import { useTranslation } from 'react-i18next';
import type { ShortCalls, ShortCallsOfAgent, ShortCallsOfQueue } from '../../shared/contract/shortCalls.ts';
import { Beside } from './Beside.tsx';
import { By } from './By.tsx';
import { SHORT_COLUMNS } from './columns.ts';
import desk from './Desk.module.css';
import { useAnswer } from './desk.ts';
import { Kept } from './Kept.tsx';
import { Pending } from './Message.tsx';
import { callsOfDays } from './points.ts';
import { fileNameOf } from './presets.ts';
import { Table } from './Table.tsx';
import type { TabProps } from './Tabs.tsx';
import { useShown } from './useShown.ts';
import { parametersOf } from './useView.ts';

type ShortCallsRow = ShortCallsOfQueue | ShortCallsOfAgent;

/** No centre has more queues, or agents. */
const ALL = '1000';

const WAYS = ['queue', 'agent'] as const;

const COLUMNS = SHORT_COLUMNS.map(({ metric }) => metric);

/** Calls that were over before anything can have been settled: where they are many, and whose they are. */
export function ShortCallsTab({ view, days, isMoving }: TabProps) {
  const { t } = useTranslation();
  const chosen = WAYS.find((one) => one === view.by) ?? 'queue';
  const parameters = parametersOf(view, days, { zone: true });
  parameters.set('groupBy', chosen);
  parameters.set('limit', ALL);
  const { data, isPlaceholderData, error, refetch } = useAnswer(
    'analytics/performance/short-calls',
    parameters,
    { isMoving },
  );
  const by = useShown(chosen, isPlaceholderData);
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const { total, explain, factsSince } = data.meta;
  return (
    <>
      <div className={desk.panelHead}>
        <div className={desk.readout}>
          {/* Of agents together there is no figure that could be explained: of queues it is the range's own. */}
          <Beside metrics={COLUMNS} of={total} view={by === 'queue' ? view : null} />
        </div>
        <By view={view} ways={WAYS} by={chosen} words="short" />
      </div>
      <Kept since={factsSince} />
      {data.data.length === 0 ? (
        <p className={desk.quiet}>{t('desk.short.none')}</p>
      ) : (
        <Table<ShortCalls, ShortCallsRow>
          kind="short-calls"
          title={t('desk.tab.short')}
          first={t(`desk.first.${by}`)}
          view={view.sort === null ? { ...view, sort: { column: 'shortTalks', isDescending: true } } : view}
          days={fileNameOf(days)}
          explain={explain}
          isMoving={isMoving}
          isOld={by !== chosen}
          rows={data.data}
          columns={SHORT_COLUMNS}
          usual={COLUMNS}
          idOf={idOf}
          nameOf={({ name }) => name}
          hrefOf={(row) =>
            'queueId' in row
              ? callsOfDays({ ...view, queues: [row.queueId], sectors: [] }, days, 'shortTalks')
              : // Sectors chose the agents: of one, calls of all his queues count.
                callsOfDays({ ...view, sectors: [] }, days, 'shortTalks', row.agentId)
          }
          note={t('desk.short.note')}
        />
      )}
    </>
  );
}

function idOf(row: ShortCallsRow): string {
  return 'queueId' in row ? row.queueId : row.agentId;
}
