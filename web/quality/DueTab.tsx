import { useTranslation } from 'react-i18next';
import type { DueRow } from '../../shared/contract/quality.ts';
import type { Column } from '../desk/columns.ts';
import { monthEnd, monthStart, plusMonths } from '../desk/days.ts';
import { Pending } from '../desk/Message.tsx';
import { Table } from '../desk/Table.tsx';
import { useAll } from '../desk/useAll.ts';
import { useToday } from '../desk/useView.ts';
import { formatCount, formatLocalDate } from '../ui/format.ts';
import list from './List.module.css';
import type { QualityTabProps } from './QualityTabs.tsx';
import { qualityAddressOf } from './qualityView.ts';

const METRICS = ['missing', 'done', 'due', 'begun', 'answered'] as const;
const COLUMNS: Column<DueRow>[] = METRICS.map((metric) => ({
  metric,
  value: (row) => (metric === 'missing' ? missingOf(row) : row[metric]),
}));

function missingOf({ due, done }: DueRow): number {
  return Math.max(0, due - done);
}

/** Of each agent, how many calls of a month are to be reviewed and how many are: the month the range ends in. */
export function DueTab({ view, days, isMoving }: QualityTabProps) {
  const { t } = useTranslation();
  const today = useToday();
  const last = days.endDate > today ? today : days.endDate;
  const month = last.slice(0, 7);
  const parameters = new URLSearchParams({ month });
  for (const id of view.desk.sectors) parameters.append('sector', id);
  if (view.desk.agent !== null) parameters.append('agent', view.desk.agent);
  const all = useAll('analytics/quality/due', parameters, { isMoving });
  const start = monthStart(last);
  const earlier = plusMonths(start, -1);
  if (!all.rows) return <Pending {...all} />;
  const due = all.rows.reduce((sum, row) => sum + row.due, 0);
  const missing = all.rows.reduce((sum, row) => sum + missingOf(row), 0);
  const named = { month: formatLocalDate(start, 'month') };
  const at = (startDate: string): string =>
    qualityAddressOf({ ...view, desk: { ...view.desk, range: { startDate, endDate: monthEnd(startDate) } } });
  return (
    <div className={list.stack}>
      <p>
        <strong>
          {all.rows.length === 0
            ? t(month === today.slice(0, 7) ? 'quality.due.noneYet' : 'quality.due.none', named)
            : t('quality.due.of', { ...named, done: formatCount(due - missing), due: formatCount(due) })}
        </strong>{' '}
        <a className={list.link} href={at(earlier)}>
          {t('quality.due.other', { month: formatLocalDate(earlier, 'month') })}
        </a>
      </p>
      {all.rows.length > 0 && (
        <Table
          kind="quality-due"
          title={t('quality.tab.due')}
          first={t('desk.first.agent')}
          view={{ ...view.desk, sort: view.desk.sort ?? { column: 'missing', isDescending: true } }}
          days={month}
          rows={all.rows}
          isCut={all.isCut}
          columns={COLUMNS}
          usual={METRICS}
          idOf={({ agentId }) => agentId}
          nameOf={({ name }) => name}
          hrefOf={({ agentId }) =>
            qualityAddressOf({ ...view, tab: 'sample', desk: { ...view.desk, agent: agentId, sort: null } })
          }
          markOf={(row) => (row.due > 0 && missingOf(row) === 0 ? t('quality.due.complete') : null)}
          note={t('quality.due.note')}
        />
      )}
    </div>
  );
}
