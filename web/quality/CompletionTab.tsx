import { useTranslation } from 'react-i18next';
import type { CompletionRow } from '../../shared/contract/quality.ts';
import type { Column } from '../desk/columns.ts';
import styles from '../desk/Desk.module.css';
import { Message, Pending } from '../desk/Message.tsx';
import { fileNameOf } from '../desk/presets.ts';
import { Table } from '../desk/Table.tsx';
import { useAll } from '../desk/useAll.ts';
import { withoutRow } from '../desk/view.ts';
import { levelOfTarget } from '../tiles/levels.ts';
import type { QualityTabProps } from './QualityTabs.tsx';
import { partParametersOf, qualityAddressOf } from './qualityView.ts';

/** As the API has it (shared/contract/qualityQuery.ts). */
const PAGE = 100;
const USUAL = ['completionRate', 'completed', 'completable', 'completionBefore'];

interface QueueCompletion {
  queueId: string;
  name: string;
  completed: number;
  completable: number;
  completionRate: number | null;
  completionBefore: number | null;
}

/** Which queues' calls are brought to an end [V5], beside the days compared with. Of all agents: visits are nobody's. */
export function CompletionTab({ view, days, isMoving, comparedTo, target }: QualityTabProps) {
  const { t } = useTranslation();
  const ofDays = (of: typeof days): URLSearchParams => {
    const parameters = partParametersOf({ ...view.desk, agent: null }, of);
    parameters.set('by', 'queue');
    parameters.set('groupBy', 'month');
    return parameters;
  };
  const all = useAll('analytics/quality/completion', ofDays(days), { isMoving, limit: PAGE });
  const before = useAll('analytics/quality/completion', ofDays(comparedTo ?? days), {
    isMoving,
    limit: PAGE,
  });
  if (!all.rows) return <Pending {...all} />;
  // Not here is not nothing: its column comes with its figures.
  const earlier = comparedTo && before.rows;
  const rows = queuesOf(all.rows, earlier ?? []);
  if (rows.length === 0) return <p className={styles.quiet}>{t('quality.completion.none')}</p>;
  const columns: Column<QueueCompletion>[] = [
    {
      metric: 'completionRate',
      value: (row) => row.completionRate,
      level: (row) => (target === null ? 'calm' : levelOfTarget(row.completionRate, target, 0, false)),
    },
    { metric: 'completed', value: (row) => row.completed },
    { metric: 'completable', value: (row) => row.completable, hasBar: true },
    ...(earlier
      ? [{ metric: 'completionBefore', value: (row: QueueCompletion) => row.completionBefore }]
      : []),
  ];
  return (
    <>
      {comparedTo && before.error !== null && <Message error={before.error} again={before.again} />}
      {comparedTo && before.error === null && !earlier && (
        <p className={styles.quiet} role="status">
          {t('desk.loading')}
        </p>
      )}
      <Table
        kind="quality-completion"
        title={t('quality.tab.completion')}
        first={t('desk.first.queue')}
        view={view.desk}
        days={fileNameOf(days)}
        rows={rows}
        isCut={all.isCut || (comparedTo !== null && before.isCut)}
        columns={columns}
        usual={USUAL}
        idOf={({ queueId }) => queueId}
        nameOf={({ name }) => name}
        hrefOf={({ queueId }) =>
          qualityAddressOf({
            ...view,
            metric: 'completionRate',
            criterion: null,
            desk: withoutRow({ ...view.desk, agent: null, queues: [queueId] }),
          })
        }
        note={t('quality.completion.note')}
      />
    </>
  );
}

/** Steps of queues added up by queue. */
function queuesOf(rows: readonly CompletionRow[], before: readonly CompletionRow[]): QueueCompletion[] {
  const sums = sumsOf(rows);
  const earlier = sumsOf(before);
  return [...sums].map(([queueId, { name, completed, of }]) => {
    const then = earlier.get(queueId);
    return {
      queueId,
      name,
      completed,
      completable: of,
      completionRate: of === 0 ? null : completed / of,
      completionBefore: !then || then.of === 0 ? null : then.completed / then.of,
    };
  });
}

function sumsOf(
  rows: readonly CompletionRow[],
): Map<string, { name: string; completed: number; of: number }> {
  const sums = new Map<string, { name: string; completed: number; of: number }>();
  for (const { queueId, name, completed, of } of rows) {
    const id = queueId ?? '';
    const sum = sums.get(id) ?? { name: name ?? id, completed: 0, of: 0 };
    sums.set(id, { ...sum, completed: sum.completed + completed, of: sum.of + of });
  }
  return sums;
}
