import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BucketRow, PerformanceMetrics } from '../../shared/contract/analytics.ts';
import type { TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { byName } from '../ui/format.ts';
import { AgentsTab } from './AgentsTab.tsx';
import { performanceColumns, USUAL } from './columns.ts';
import styles from './Desk.module.css';
import { useDesk } from './desk.ts';
import { Pending } from './Message.tsx';
import { Outcomes } from './Outcomes.tsx';
import { PatternTab } from './PatternTab.tsx';
import { hrefOfStep, titleOfStep } from './points.ts';
import { type Days, fileNameOf } from './presets.ts';
import { ReturnsTab } from './ReturnsTab.tsx';
import { ShortCallsTab } from './ShortCallsTab.tsx';
import { Table } from './Table.tsx';
import { TabStrip } from './TabStrip.tsx';
import { TargetTab } from './TargetTab.tsx';
import { TopTab } from './TopTab.tsx';
import { TransfersTab } from './TransfersTab.tsx';
import { targetsOf } from './targets.ts';
import { useAll } from './useAll.ts';
import { parametersOf } from './useView.ts';
import { addressOf, TABS, type View, withoutRow } from './view.ts';
import { WaitsTab } from './WaitsTab.tsx';

export interface TabProps {
  view: View;
  days: Days;
  known: LiveMetrics;
  /** The whole range, and beside it what it is compared to. */
  figures: PerformanceMetrics & { previous?: PerformanceMetrics | undefined };
  rows: readonly BucketRow[];
  step: TimeGroup;
  /** `meta.explain` of the answer that has the rows. */
  explain: string;
  /** The range is not over. */
  isMoving: boolean;
}

/** What a range is made of, looked at from several sides. */
export function Tabs({ view, step, children }: Pick<TabProps, 'view' | 'step'> & { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className={styles.panel} aria-label={t('desk.details')}>
      <div className={styles.panelHead}>
        <TabStrip
          tabs={TABS.map((tab) => ({
            key: tab,
            href: addressOf({
              ...withoutRow(view),
              tab,
              sort: null,
              agent: null,
              cell: null,
              by: 'queue',
            }),
            name: tab === 'steps' ? t(`desk.tab.steps.${step}`) : t(`desk.tab.${tab}`),
          }))}
          open={view.tab}
        />
      </div>
      {children}
    </section>
  );
}

/** The side that is open. */
export const TabContent = memo(function TabContent(props: TabProps) {
  switch (props.view.tab) {
    case 'steps':
      return <Steps {...props} />;
    case 'queues':
      return <Queues {...props} />;
    case 'sectors':
      return <Sectors {...props} />;
    case 'agents':
      return <AgentsTab {...props} />;
    case 'top':
      return <TopTab {...props} />;
    case 'outcomes':
      return <Outcomes {...props} />;
    case 'waits':
      return <WaitsTab {...props} />;
    case 'pattern':
      return <PatternTab {...props} />;
    case 'short':
      return <ShortCallsTab {...props} />;
    case 'transfers':
      return <TransfersTab {...props} />;
    case 'returns':
      return <ReturnsTab {...props} />;
    case 'target':
      return <TargetTab {...props} />;
  }
});

/** In time; pressing one looks into it. */
function Steps({ view, days, rows, figures, step, known, explain, isMoving }: TabProps) {
  const { t } = useTranslation();
  const { calendar, now } = useDesk();
  const targets = targetsOf(view, known);
  const isOneDay = days.startDate === days.endDate;
  const columns = performanceColumns<Step>(
    (row) => lasted(row, now()),
    () => targets,
  );
  return (
    <Table
      kind={step === 'interval' || step === 'hour' ? 'intervals' : 'steps'}
      title={t(`desk.tab.steps.${step}`)}
      first={t(`desk.first.${step}`)}
      view={view}
      days={fileNameOf(days)}
      explain={explain}
      isMoving={isMoving}
      rows={rows.filter(({ start }) => Date.parse(start) <= now())}
      columns={columns}
      usual={USUAL}
      isInOrder
      idOf={({ start }) => start}
      nameOf={(row) => titleOfStep(row, step, calendar, isOneDay)}
      hrefOf={(row) => hrefOfStep(view, row, step, calendar)}
      markOf={({ partial }) => (partial ? t('desk.partial') : null)}
      total={{ ...figures, ...ends(rows) }}
      note={t('desk.note.steps')}
    />
  );
}

function Queues({ view, days, figures, known, isMoving, rows }: TabProps) {
  const { t } = useTranslation();
  const parameters = parametersOf(view, days, { rules: true, zone: true });
  const all = useAll('analytics/performance/trends?groupBy=queue', parameters, { isMoving });
  const { now } = useDesk();
  const columns = performanceColumns<PerformanceMetrics & { queueId?: string }>(
    () => lasted(ends(rows), now()),
    ({ queueId }) => targetsOf({ queues: queueId === undefined ? view.queues : [queueId] }, known),
  );
  if (!all.rows) return <Pending {...all} />;
  return (
    <Table
      kind="queues"
      title={t('desk.tab.queues')}
      first={t('desk.first.queue')}
      view={view}
      days={fileNameOf(days)}
      explain={all.explain}
      isMoving={isMoving}
      rows={busyByName(all.rows)}
      isCut={all.isCut}
      columns={columns}
      usual={USUAL}
      idOf={({ queueId }) => queueId}
      nameOf={({ name }) => name}
      hrefOf={({ queueId }) =>
        addressOf({ ...withoutRow(view), queues: [queueId], tab: 'steps', sort: null })
      }
      total={figures}
      note={t('desk.note.queues')}
    />
  );
}

function Sectors({ view, days, figures, known, isMoving, rows }: TabProps) {
  const { t } = useTranslation();
  const parameters = parametersOf(view, days, { rules: true, zone: true });
  const all = useAll('analytics/performance/sectors', parameters, { isMoving });
  const { now } = useDesk();
  const columns = performanceColumns<PerformanceMetrics>(
    () => lasted(ends(rows), now()),
    () => known.totals.targets,
  );
  if (!all.rows) return <Pending {...all} />;
  return (
    <Table
      kind="sectors"
      title={t('desk.tab.sectors')}
      first={t('desk.first.sector')}
      view={view}
      days={fileNameOf(days)}
      explain={all.explain}
      isMoving={isMoving}
      rows={busyByName(all.rows)}
      isCut={all.isCut}
      columns={columns}
      usual={USUAL}
      idOf={({ sectorId }) => sectorId}
      nameOf={({ name }) => name}
      hrefOf={({ sectorId }) =>
        addressOf({ ...withoutRow(view), sectors: [sectorId], tab: 'queues', sort: null })
      }
      total={figures}
      note={t('desk.note.sectors')}
    />
  );
}

/** Those in which anything happened, as a person looks them up: the server has them by their ids. */
function busyByName<Row extends PerformanceMetrics & { name: string }>(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ received, signedInMs }) => received + signedInMs > 0).toSorted(byName);
}

type Step = PerformanceMetrics & { start: string; end: string };

/** From when to when some steps are. */
function ends(rows: readonly BucketRow[]): { start: string; end: string } {
  return { start: rows[0]?.start ?? '', end: rows.at(-1)?.end ?? '' };
}

/** How much of some time has passed, in ms. */
function lasted({ start, end }: { start: string; end: string }, now: number): number {
  return Math.max(0, Math.min(Date.parse(end), now) - Date.parse(start));
}
