import { DateTime } from 'luxon';
import type { ReconciliationRow, StoredReconciliation } from '../../../shared/contract/reconciliation.ts';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import type { Sight } from '../../access/principal.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { isoOf } from '../asked.ts';
import type { DayRange } from '../calendar.ts';
import type { Centre } from '../centre.ts';
import type { People } from '../people.ts';
import { agrees, type Row } from './compare.ts';
import type { Proof } from './reconcile.ts';
import { rulesFingerprint } from './rules.ts';

/** What was found of days, as it is kept. */

/** More than these nobody reads one by one. */
const KEPT_DIFFERENCES = 200;

/** A day of a table, in epoch ms. */
const days = `(extract(epoch from d.started_at) * 1000)::float8 as start, (extract(epoch from d.ended_at) * 1000)::float8 as end`;

export function differencesOf({ rows }: Proof): Row[] {
  return rows.filter((row) => !agrees(row));
}

/** In the place of what was found before; of days as another time zone had them, nothing stays. */
export async function keepProof(db: Pick<Database, 'sql'>, tenantId: string, proof: Proof): Promise<void> {
  const { day, revision, rules, auditedAt, settledAt, seq, visits, compared } = proof;
  const differences = differencesOf(proof);
  const [start, end] = [new Date(day.start), new Date(day.end)];
  await inTenant(db, tenantId, async (tx) => {
    await tx`
      delete from reconciliations
      where tenant_id = ${tenantId} and started_at < ${end} and started_at > ${start}::timestamptz - interval '2 days'
        and ended_at > ${start}`;
    await tx`
      insert into reconciliations (tenant_id, started_at, ended_at, revision, rules, audited_at, settled_at, seq, visits, compared,
        different, differences)
      select id, ${start}, ${end}, ${revision}, ${rules}, ${new Date(auditedAt)}, ${new Date(settledAt)}, ${seq}, ${visits},
        ${compared}, ${differences.length}, ${JSON.stringify(differences.slice(0, KEPT_DIFFERENCES))}::text::jsonb
      from tenants where id = ${tenantId}
      on conflict (tenant_id, started_at) do nothing`;
  });
}

/**
 * Days that are over and folded, and have not been looked at since something of them changed, the latest first; then those that were
 * proven under other rules.
 */
export function daysToAudit(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  { since, now, rules, most }: { since: number; now: number; rules: string; most: number },
): Promise<LocalDay[]> {
  return inTenant(
    db,
    tenantId,
    (tx) => tx<LocalDay[]>`
      select ${tx.unsafe(days)} from history_days d left join reconciliations r using (tenant_id, started_at)
      where d.tenant_id = ${tenantId} and d.started_at >= ${new Date(since)}
        and d.ended_at <= ${new Date(now)} and d.stale_since is null
        and (r.revision is distinct from d.revision or r.rules <> ${rules})
      order by r.revision is distinct from d.revision desc, d.started_at desc limit ${most}`,
  );
}

/** Days that differed when they were last looked at. */
export function countDifferentDays(db: Pick<Database, 'sql'>, tenantId: string): Promise<number> {
  return inTenant(db, tenantId, async (tx) => {
    const [row] = await tx<{ days: number }[]>`
      select count(*)::integer as days from reconciliations where tenant_id = ${tenantId} and different > 0`;
    return row?.days ?? 0;
  });
}

interface StoredRow extends LocalDay {
  isOver: boolean;
  isWhole: boolean;
  isSettled: boolean;
  settled: number | null;
  audited: number | null;
  visits: number;
  compared: number;
  different: number;
  differences: Row[];
}

/** What is known of the days of a range of which there is any history, in order; of what differs, what is in sight. */
export async function readStored(
  db: Pick<Database, 'sql'>,
  centre: Centre,
  sight: Sight,
  { from, to }: Pick<DayRange, 'from' | 'to'>,
  now: number,
): Promise<StoredReconciliation[]> {
  const { tenantId, calendar } = centre;
  const rules = rulesFingerprint(centre.settings);
  const rows = await inTenant(
    db,
    tenantId,
    (tx) => tx<StoredRow[]>`
      select ${tx.unsafe(days)}, d.ended_at <= ${new Date(now)} as "isOver",
        d.stale_since is null and r.revision is not distinct from d.revision and r.rules = ${rules} as "isWhole",
        not exists (
          select from performance_trends p
          where p.tenant_id = ${tenantId} and p.grain = 'day' and p.queue_id = '' and p.bucket = d.started_at
            and p.unsettled > 0
        ) as "isSettled",
        (extract(epoch from r.settled_at) * 1000)::float8 as settled,
        (extract(epoch from r.audited_at) * 1000)::float8 as audited,
        coalesce(r.visits, 0)::float8 as visits, coalesce(r.compared, 0)::float8 as compared,
        coalesce(r.different, 0)::float8 as different, coalesce(r.differences, '[]') as differences
      from history_days d left join reconciliations r using (tenant_id, started_at)
      where d.tenant_id = ${tenantId} and d.started_at >= ${new Date(from)} and d.started_at < ${new Date(to)}
      order by d.started_at`,
  );
  const people = await centre.people();
  return rows.map((row) => {
    const { isWhole, isOver, isSettled, settled, audited, start, different, visits, compared } = row;
    const isProven = isWhole && different === 0;
    return {
      date: DateTime.fromMillis(start, { zone: calendar.timeZone }).toISODate() ?? '',
      state: isProven ? 'proven' : isWhole ? 'different' : isOver && isSettled ? 'waiting' : 'unsettled',
      settledAt: settled === null ? null : isoOf(settled),
      auditedAt: audited === null ? null : isoOf(audited),
      visits,
      compared,
      different,
      differences: row.differences.flatMap((one) => shown(one, centre, people, sight) ?? []),
    };
  });
}

/** A row with the names of now; null where it is out of sight. */
export function shown(
  { of, id, metric, values, difference }: Row,
  { settings }: Pick<Centre, 'settings'>,
  people: People,
  sight: Sight,
): ReconciliationRow | null {
  const told = { metric, ...values, difference };
  const isSeen = (sectorId: string) => sight.sectors === null || sight.sectors.has(sectorId);
  if (of === 'total') return sight.sectors === null ? { of, id, name: '', ...told } : null;
  if (of === 'sector') return isSeen(id) ? { of, id, name: settings.sectors.get(id) ?? id, ...told } : null;
  if (of === 'queue') {
    const queue = settings.queues.get(id);
    return isSeen(queue?.sectorId ?? UNASSIGNED_SECTOR) ? { of, id, name: queue?.name ?? id, ...told } : null;
  }
  const agent = people.byIdentity.get(id);
  if (!isSeen(agent?.sectorId ?? UNASSIGNED_SECTOR)) return null;
  return { of, id: agent?.agentId ?? id, name: agent?.name ?? id, ...told };
}
