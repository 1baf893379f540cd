import { getTableColumns } from 'drizzle-orm';
import type { TransactionSql } from 'postgres';
import type { Definition } from '../../../shared/contract/metrics.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { type Term, termOf } from '../../../shared/explain/formulas.ts';
import { serviceLevelFormula } from '../../../shared/explain/serviceLevels.ts';
import { performanceTrends } from '../../db/schema/history.ts';
import type { QueueScope } from '../scope.ts';
import { type Places, placeOf, scopeOf } from './visitRows.ts';

/** Intervals that kept a target, counted by the database: of a quarter of a year of forty queues there are a third of a million. */

/** Of a queue, or ''; or of one of some steps, from 0. */
export interface KeptCount {
  queueId: string;
  place: number;
  intervals: number;
  onTarget: number;
}

interface KeptQuestion {
  /** In epoch ms. */
  from: number;
  to: number;
  queues: QueueScope;
  definition: Definition;
  genesys: LiveSettings['genesys'];
}

type Kept = KeptQuestion &
  ({ by: 'queue'; targets: ReadonlyMap<string, number> } | { by: 'place'; starts: Places; target: number });

/** Of those with any. By the verdicts rows are stamped with, each queue's under its own thresholds. */
export async function readKept(tx: TransactionSql, tenantId: string, kept: Kept): Promise<KeptCount[]> {
  const { from, to, queues, definition, genesys } = kept;
  if (from >= to || queues?.length === 0) return [];
  const { formula } = serviceLevelFormula(definition, genesys);
  const isApart = kept.by === 'queue';
  const scope = scopeOf(tx, { queues, by: isApart ? 'queue' : 'total', pieces: [], starts: [] });
  const wanted = isApart
    ? tx`join unnest(${[...kept.targets.keys()]}::text[], ${[...kept.targets.values()].map(String)}::text[]::float8[])
        as wanted (id, target) on wanted.id = step.queue_id`
    : tx`cross join (select ${String(kept.target)}::text::float8 as target) as wanted`;
  return tx<KeptCount[]>`
    select queue_id as "queueId", ${isApart ? tx`0` : placeOf(tx, kept.starts)} as place, count(*)::int as intervals,
      (count(*) filter (where good / decided >= target))::int as "onTarget"
    from (
      select bucket, ${isApart ? tx`queue_id` : tx`''`} as queue_id,
        sum(${tx.unsafe(sumOf(formula.over))})::float8 as good, sum(${tx.unsafe(sumOf(formula.under ?? []))})::float8 as decided
      from performance_trends
      where tenant_id = ${tenantId} and grain = 'interval' and bucket >= ${new Date(from)} and bucket < ${new Date(to)}
        and ${scope}
      group by 1, 2
    ) as step ${wanted}
    where decided > 0
    group by 1, 2`;
}

const columns = getTableColumns(performanceTrends);

/** Terms of a service level as columns: all it is made of is in every row. */
function sumOf(terms: readonly Term[]): string {
  return terms
    .map(termOf)
    .map(({ name, sign }) => `${sign < 0 ? '-' : '+'} ${columnOf(name)}`)
    .join(' ');
}

function columnOf(name: string): string {
  const field = Object.entries(columns).find(([key]) => key === (name === 'shortAbandoned' ? 'short' : name));
  if (field === undefined) throw new RangeError(`onTarget: no row holds ${name}`);
  return `${field[1].name}::float8`;
}
