import type { TransactionSql } from 'postgres';
import {
  HEALTH_KINDS,
  type HealthKind,
  type HealthRow,
  type HealthWarning,
} from '../../../shared/contract/importerHealth.ts';
import { type Database, inTenant } from '../../db/connect.ts';

/** Local days, both included. */
export interface DateRange {
  startDate: string;
  endDate: string;
}

/** Which metrics a kind makes doubtful; none: all of them. Kinds that are not here cost no figure anything. */
const AFFECTS: Partial<Record<HealthKind, readonly string[]>> = {
  gap: [],
  rejection: [],
  restart: ['lost', 'handled', 'ahtMs', 'serviceLevel'],
  ghost: ['lost', 'abandoned', 'abandonmentRate', 'serviceLevel'],
  silent_talk: ['handled', 'ahtMs', 'averageTalkMs', 'occupancy', 'utilisation'],
  lost: ['lost', 'abandonmentRate', 'completionRate', 'serviceLevel'],
  warning: ['asaMs', 'waitP50Ms', 'waitP80Ms', 'waitP90Ms', 'waitP95Ms', 'ahtMs'],
  wait_mismatch: [
    'asaMs',
    'averageAbandonMs',
    'maxWaitMs',
    'waitP50Ms',
    'waitP80Ms',
    'waitP90Ms',
    'waitP95Ms',
  ],
  clock_ahead: ['waiting', 'longestWaitSince', 'waitingOverThreshold'],
  clock_behind: ['waiting', 'longestWaitSince', 'waitingOverThreshold'],
  inferred_visit: ['offered', 'asaMs', 'serviceLevel'],
  inferred_agent: ['signedInMs', 'availableMs', 'closedMs', 'occupancy', 'utilisation'],
};
/** What is said beside figures, the gravest first. */
export const WARNED_KINDS: readonly string[] = Object.keys(AFFECTS);
/** More than these nobody reads beside a figure; the whole is in importer health. */
const WARNINGS_LIMIT = 20;

/** Rows by day, source and kind; of queues those given, null: all. */
export function readHealth(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  { startDate, endDate, source }: DateRange & { source?: string | undefined },
  queues: readonly string[] | null,
): Promise<HealthRow[]> {
  return inTenant(db, tenantId, async (tx) => {
    // What concerns a whole source may name somebody of a queue out of sight.
    const seesExamples = queues === null ? tx`true` : tx`queue_id <> ''`;
    const rows = await tx<(Omit<HealthRow, 'firstAt' | 'lastAt'> & { firstAt: Date; lastAt: Date })[]>`
      select day::text, source, kind, sum(count)::float8 as count, min(first_at) as "firstAt",
        max(last_at) as "lastAt", min(example) filter (where ${seesExamples}) as example
      from importer_health
      where tenant_id = ${tenantId} and day >= ${startDate}::text::date and day <= ${endDate}::text::date
        and ${source === undefined ? tx`true` : tx`source = ${source}`}
        and ${queues === null ? tx`true` : tx`(queue_id = '' or queue_id = any(${[...queues]}::text[]))`}
      group by day, source, kind`;
    return rows
      .map((row) => ({ ...row, firstAt: row.firstAt.toISOString(), lastAt: row.lastAt.toISOString() }))
      .sort(
        (a, b) =>
          compare(a.day, b.day) ||
          compare(a.source, b.source) ||
          HEALTH_KINDS.indexOf(a.kind) - HEALTH_KINDS.indexOf(b.kind),
      );
  });
}

/**
 * What to say beside figures of these days and queues (null: all), the gravest first. What concerns a source as a whole
 * is said where the source told of one of the queues.
 */
export async function readWarnings(
  tx: TransactionSql,
  tenantId: string,
  { startDate, endDate }: DateRange,
  queues: readonly string[] | null,
): Promise<HealthWarning[]> {
  const ofDays = tx`
    tenant_id = ${tenantId} and day >= ${startDate}::text::date and day <= ${endDate}::text::date`;
  const ofQueues = queues === null ? tx`true` : tx`queue_id = any(${[...queues]}::text[])`;
  const rows = await tx<{ code: HealthKind; source: string; count: number; first: Date; last: Date }[]>`
    select kind as code, source, sum(count)::float8 as count, min(first_at) as first, max(last_at) as last
    from importer_health
    where ${ofDays} and kind not in ('events', 'visits', 'note', 'duplicate')
      and (${ofQueues} or queue_id = '' and source in (
        select source from importer_health where ${ofDays} and kind = 'visits' and ${ofQueues}))
    group by kind, source`;
  return rows
    .sort((a, b) => WARNED_KINDS.indexOf(a.code) - WARNED_KINDS.indexOf(b.code) || b.count - a.count)
    .slice(0, WARNINGS_LIMIT)
    .map(({ code, source, count, first, last }) => ({
      code,
      source,
      count,
      firstAt: first.toISOString(),
      lastAt: last.toISOString(),
      affects: [...(AFFECTS[code] ?? [])],
    }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
