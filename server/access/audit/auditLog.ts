import type { TransactionSql } from 'postgres';
import type { AuditFilters, AuditRecord } from '../../../shared/contract/auditRest.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import type { InstantPlace } from '../../db/instantCursor.ts';

/** The audit as it is read: the latest first, a page at a time. */
export interface AuditLog {
  /** What lies behind `after`, null: from the latest on. */
  page(
    tenantId: string,
    filters: AuditFilters,
    after: InstantPlace | null,
    limit: number,
  ): Promise<AuditRecord[]>;
  /** All of it, in pages of their own transactions: an export may take as long as its reader does. */
  all(tenantId: string, filters: AuditFilters): AsyncGenerator<AuditRecord[]>;
}

const PAGE_OF_EXPORT = 1_000;

interface Row {
  id: string;
  occurred_at: string;
  actor_kind: AuditRecord['actor']['kind'];
  actor_id: string | null;
  actor_name: string;
  action: string;
  subject_id: string | null;
  subject_name: string | null;
  before: AuditRecord['before'];
  after: AuditRecord['after'];
  address: string | null;
  request_id: string | null;
}

export function createAuditLog(db: Pick<Database, 'sql'>): AuditLog {
  const page: AuditLog['page'] = async (tenantId, filters, after, limit) => {
    const rows = await inTenant(
      db,
      tenantId,
      (tx) => tx<Row[]>`
        select id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_at,
          actor_kind, actor_id, actor_name, action, subject_id, subject_name, before, after, address, request_id
        from analytics_audit_log
        where tenant_id = ${tenantId} and ${wanted(tx, tenantId, filters)}
          and ${after === null ? tx`true` : tx`(occurred_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`}
        order by occurred_at desc, id desc
        limit ${limit}`,
    );
    return rows.map(toRecord);
  };

  return {
    page,
    async *all(tenantId, filters) {
      for (let after: InstantPlace | null = null; ; ) {
        const records: AuditRecord[] = await page(tenantId, filters, after, PAGE_OF_EXPORT);
        if (records.length > 0) yield records;
        const last = records.at(-1);
        if (records.length < PAGE_OF_EXPORT || last === undefined) return;
        after = { at: last.occurredAt, id: last.id };
      }
    },
  };
}

function wanted(tx: TransactionSql, tenantId: string, filters: AuditFilters) {
  const { action, actor, subject, startDate, endDate } = filters;
  const zone = tx`(select time_zone from settings where tenant_id = ${tenantId})`;
  return tx`
    ${action === undefined ? tx`true` : tx`action = ${action}`}
    and ${actor === undefined ? tx`true` : named(tx, 'actor', actor)}
    and ${subject === undefined ? tx`true` : named(tx, 'subject', subject)}
    and ${startDate === undefined ? tx`true` : tx`occurred_at >= ${startDate}::text::timestamp at time zone ${zone}`}
    and ${endDate === undefined ? tx`true` : tx`occurred_at < (${endDate}::text::date + 1)::timestamp at time zone ${zone}`}`;
}

/** An id exactly, which has an index for actors; or a part of a name, for which the tenant's rows are walked. */
function named(tx: TransactionSql, who: 'actor' | 'subject', text: string) {
  const [idColumn, nameColumn] = [tx(`${who}_id`), tx(`${who}_name`)];
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text)) return tx`${idColumn} = ${text}`;
  return tx`(${idColumn} = ${text} or strpos(lower(${nameColumn}), lower(${text})) > 0)`;
}

function toRecord(row: Row): AuditRecord {
  const { actor_kind, actor_id, actor_name, subject_id, subject_name } = row;
  return {
    id: row.id,
    occurredAt: row.occurred_at,
    actor: { kind: actor_kind, id: actor_id, name: actor_name },
    action: row.action,
    subject: subject_id === null ? null : { id: subject_id, name: subject_name ?? '' },
    before: row.before,
    after: row.after,
    address: row.address,
    requestId: row.request_id,
  };
}
