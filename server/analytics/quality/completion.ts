import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { Computed } from '../../../shared/contract/analytics.ts';
import type { CompletionFigures, completionAnswer } from '../../../shared/contract/quality.ts';
import type { CompletionQuery } from '../../../shared/contract/qualityQuery.ts';
import { ratio } from '../../../shared/metrics/serviceLevel.ts';
import { type Asked, ask, metaOf, pageOf } from '../asked.ts';
import { isRecounting } from '../performance/summary.ts';
import { placeOf, unionOf } from '../performance/visitRows.ts';
import type { Piece } from '../pieces.ts';
import { type QueueScope, queueIdsOf, queueScope } from '../scope.ts';
import { inSteps, type Steps } from './compared.ts';
import { scoreScope } from './scope.ts';
import { readLegSums } from './sums.ts';

/** Completion [V5] over time: of visits, altogether or by queue; or of the calls an agent answered. */

/** Of one step and one queue or agent: how many were completed, of how many. */
interface Completed {
  place: number;
  id: string;
  completed: number;
  of: number;
}

interface Of {
  id: string;
  name: string | null;
}

export async function completion(
  asked: Asked,
  query: CompletionQuery,
): Promise<Computed<z.infer<typeof completionAnswer>>> {
  const { centre, sight } = asked;
  const { tenantId, settings } = centre;
  const { by } = query;
  const scope = await scoreScope(asked, query);
  const queues = queueScope(centre, sight, by === 'agent' ? { queue: query.queue, sector: [] } : query);
  const read = async ({ pieces, starts }: Steps) => {
    const rows = await ask(asked, async (tx): Promise<Completed[]> => {
      if (by !== 'agent')
        return readQueues(tx, tenantId, { pieces, starts, queues, isTotal: by === 'total' });
      const legs = await readLegSums(tx, tenantId, scope, { pieces, starts, by: 'agent' });
      return legs.map(({ place, identity: id, completed, answered: of }) => ({ place, id, completed, of }));
    });
    return new Map(rows.map((row) => [`${row.place} ${row.id}`, row]));
  };
  const steps = await inSteps(asked, scope.range, query, read);
  const had = new Set(
    steps.all.flatMap((rows) => [...rows.values()].filter(({ of }) => of > 0).map(({ id }) => id)),
  );
  const all: Record<CompletionQuery['by'], () => Of[]> = {
    total: () => [{ id: '', name: null }],
    queue: () => queueIdsOf(centre, queues).map((id) => ({ id, name: settings.queues.get(id)?.name ?? id })),
    agent: () => scope.agents.map(({ identity: id, name }) => ({ id, name })),
  };
  const shown = new Map(scope.agents.map(({ identity, agentId }) => [identity, agentId]));
  const idOf = ({ id }: Of) => (by === 'agent' ? (shown.get(id) ?? id) : id);
  const page = pageOf(
    all[by]().filter(({ id }) => by === 'total' || had.has(id)),
    query,
    idOf,
  );
  const data = page.rows.flatMap((one) =>
    steps
      .rows((rows, place): CompletionFigures => {
        const { completed = 0, of = 0 } = rows.get(`${place} ${one.id}`) ?? {};
        const lowSample = of > 0 && of < settings.minimumSample ? ['completionRate'] : [];
        return { completed, of, completionRate: ratio(completed, of), lowSample };
      })
      .map((row) => ({
        ...row,
        queueId: by === 'queue' ? one.id : null,
        agentId: by === 'agent' ? idOf(one) : null,
        name: one.name,
      })),
  );
  const meta = { ...metaOf(asked, query, isRecounting(centre)), ...steps.meta };
  return { data, meta: { ...meta, nextCursor: page.nextCursor, target: settings.targets.completionRate } };
}

async function readQueues(
  tx: TransactionSql,
  tenantId: string,
  question: { pieces: readonly Piece[]; starts: readonly number[]; queues: QueueScope; isTotal: boolean },
): Promise<Completed[]> {
  const { pieces, starts, queues, isTotal } = question;
  if (pieces.length === 0 || queues?.length === 0) return [];
  const which =
    queues !== null
      ? tx`queue_id = any(${[...queues]}::text[])`
      : isTotal
        ? tx`queue_id = ''`
        : tx`queue_id <> ''`;
  return tx<Completed[]>`
    select ${placeOf(tx, starts)} as place, ${isTotal ? tx`''` : tx`queue_id`} as id,
      sum(completed)::float8 as completed, sum(offered - open - lost)::float8 as of
    from (${unionOf(tx, 'performance_trends', tenantId, pieces, which)}) as piece
    group by 1, 2`;
}
