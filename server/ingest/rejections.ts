import type { TransactionSql } from 'postgres';
import type { InstantPlace } from '../db/instantCursor.ts';

/** Something that could not be taken in, with its reason: kept whole, within bounds, so that nothing is dropped silently. */
export interface RejectedInput {
  source: string;
  importId?: string;
  /** Place in a batch of events, from 0. */
  index?: number;
  /** Line of a file, from 1. */
  line?: number;
  field: string;
  message: string;
  raw: string;
}

const RAW_LIMIT = 1_024;

/** What PostgreSQL can store of any text, cut to a bound. */
export function storableText(text: string, limit: number = RAW_LIMIT): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.toWellFormed().replaceAll('\u0000', '\ufffd');
}

export async function insertRejections(tx: TransactionSql, rejections: RejectedInput[]): Promise<void> {
  if (rejections.length === 0) return;
  const rows = rejections.map((rejection) => ({
    ...rejection,
    source: storableText(rejection.source, 128),
    field: storableText(rejection.field, 128),
    raw: storableText(rejection.raw),
  }));
  await tx`
    insert into ingest_rejections (tenant_id, import_id, source, index, line, field, message, raw)
    select current_setting('app.tenant_id')::uuid, "importId", source, index, line, field, message, raw
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row
      ("importId" uuid, source text, index integer, line bigint, field text, message text, raw text)`;
}

export interface KeptRejection {
  id: string;
  importId: string | null;
  source: string;
  index: number | null;
  line: number | null;
  field: string;
  message: string;
  raw: string;
  createdAt: string;
}

interface Row {
  id: string;
  import_id: string | null;
  source: string;
  index: number | null;
  line: string | null;
  field: string;
  message: string;
  raw: string;
  created_at: string;
}

/** Newest first; `after` is the position behind the last one seen, as `cursorOf` gives it. */
export async function listRejections(
  tx: TransactionSql,
  page: { after: InstantPlace | null; importId: string | null; limit: number },
): Promise<KeptRejection[]> {
  // The driver would pass a timestamptz parameter through a Date and cut its microseconds: hence ::text.
  const rows = await tx<Row[]>`
    select id, import_id, source, index, line::text, field, message, raw,
      to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at
    from ingest_rejections
    where (${page.importId}::uuid is null or import_id = ${page.importId}::uuid)
      and (${page.after === null}
        or (created_at, id) < (${page.after?.at ?? null}::text::timestamptz, ${page.after?.id ?? null}::uuid))
    order by created_at desc, id desc
    limit ${page.limit}`;
  return rows.map((row) => ({
    id: row.id,
    importId: row.import_id,
    source: row.source,
    index: row.index,
    line: row.line === null ? null : Number(row.line),
    field: row.field,
    message: row.message,
    raw: row.raw,
    createdAt: row.created_at,
  }));
}
