import type { TransactionSql } from 'postgres';
import type { LocalDay } from '../../log/localDay.ts';

/** What a day's history stands on: as long as all of it stands still, facts and roll-ups say the same thing. */
export interface Position {
  /** Of the day's facts; null where there are none. */
  revision: number | null;
  /** Up to here the log is in the facts. */
  seq: number;
  /** The day is to be folded again, or roll-ups of it recomputed. */
  isBehind: boolean;
  settingsVersion: number;
  /** The thresholds every roll-up is stamped with: see server/history/rollUps/stamped.ts. */
  stamped: string;
  /** Moves when events are taken back. */
  logEpoch: number;
}

export async function readPosition(
  tx: TransactionSql,
  tenantId: string,
  { start, end }: LocalDay,
  now: number,
): Promise<Position> {
  const [from, to] = [new Date(start), new Date(end)];
  const [row] = await tx<Position[]>`
    select d.revision::float8 as revision, coalesce(c.seq, 0)::float8 as seq, s.version::float8 as "settingsVersion",
      s.log_epoch::float8 as "logEpoch", coalesce(c.stamped, '') as stamped,
      d.stale_since is not null or exists (
        select from dirty_buckets
        where tenant_id = ${tenantId} and bucket >= ${from} and bucket < ${to} and due_at <= ${new Date(now)}
      ) as "isBehind"
    from settings s
    left join projection_checkpoints c on c.tenant_id = s.tenant_id
    left join history_days d on d.tenant_id = s.tenant_id and d.started_at = ${from} and d.ended_at = ${to}
    where s.tenant_id = ${tenantId}`;
  if (!row) throw new Error('reconciliation: the tenant does not exist');
  return row;
}

/** Whether what was read in between is of one piece. `seq` may have moved: events of other days came in. */
export function isSame(a: Position, b: Position): boolean {
  return (
    a.revision === b.revision &&
    !a.isBehind &&
    !b.isBehind &&
    a.settingsVersion === b.settingsVersion &&
    a.logEpoch === b.logEpoch
  );
}
