import type { Logger } from 'pino';
import { type Database, inTenant } from '../db/connect.ts';

/**
 * Counts what leaves no event: repeats of known events, and warnings. Nobody waits for it: counts are gathered in memory
 * and added to `ingest_counts` every few seconds; those of the last seconds before a crash are lost, their senders have
 * been told. While the database is away they go on being gathered, up to a bound [L13].
 */
export interface IngestCounts {
  note(tenantId: string, source: string, kind: IngestCountKind, count: number): void;
  /** Done when all is written that can be. */
  close(): Promise<void>;
}

export type IngestCountKind = 'duplicate' | 'warning';

interface Row {
  bucket: string;
  source: string;
  kind: IngestCountKind;
  count: number;
  first_at: string;
  last_at: string;
}

const FLUSH_MS = 5_000;
/** Every time zone's days begin at one of these. */
const BUCKET_MS = 900_000;
const ROWS_LIMIT = 20_000;

export function createIngestCounts(options: {
  db: Pick<Database, 'sql'>;
  log: Logger;
  now: () => number;
  flushMs?: number;
}): IngestCounts {
  const { db, log, now, flushMs = FLUSH_MS } = options;
  let tenants = new Map<string, Map<string, Row>>();
  let rows = 0;
  let writing: Promise<void> = Promise.resolve();

  const add = (tenantId: string, row: Row): void => {
    let own = tenants.get(tenantId);
    if (!own) {
      own = new Map();
      tenants.set(tenantId, own);
    }
    const key = `${row.bucket}\u001f${row.kind}\u001f${row.source}`;
    const known = own.get(key);
    if (known) {
      known.count += row.count;
      if (row.last_at > known.last_at) known.last_at = row.last_at;
      if (row.first_at < known.first_at) known.first_at = row.first_at;
    } else if (rows < ROWS_LIMIT) {
      own.set(key, row);
      rows++;
    } else log.warn({ tenantId, source: row.source }, 'ingest:counts_dropped');
  };

  const flush = async (): Promise<void> => {
    const taken = tenants;
    tenants = new Map();
    rows = 0;
    for (const [tenantId, own] of taken) {
      try {
        await write(db, tenantId, [...own.values()]);
      } catch (error) {
        log.warn({ err: error, tenantId }, 'ingest:counts_not_written');
        // The next time, unless the tenant is gone.
        if (!isForeignKey(error)) for (const row of own.values()) add(tenantId, row);
      }
    }
  };
  const flushing = setInterval(() => {
    if (rows > 0) writing = writing.then(flush);
  }, flushMs);
  flushing.unref();

  return {
    note(tenantId, source, kind, count) {
      if (count <= 0) return;
      const at = now();
      const instant = new Date(at).toISOString();
      const bucket = new Date(Math.floor(at / BUCKET_MS) * BUCKET_MS).toISOString();
      add(tenantId, { bucket, source, kind, count, first_at: instant, last_at: instant });
    },
    async close() {
      clearInterval(flushing);
      await writing;
      await flush();
    },
  };
}

async function write(db: Pick<Database, 'sql'>, tenantId: string, rows: Row[]): Promise<void> {
  await inTenant(
    db,
    tenantId,
    (tx) => tx`
      insert into ingest_counts (tenant_id, bucket, source, kind, count, first_at, last_at)
      select ${tenantId}, bucket, source, kind, count, first_at, last_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row (
        bucket timestamptz, source text, kind text, count bigint, first_at timestamptz, last_at timestamptz)
      -- In one order, so that two nodes that count the same do not lock each other out.
      order by bucket, source, kind
      on conflict (tenant_id, bucket, source, kind) do update set
        count = ingest_counts.count + excluded.count,
        first_at = least(ingest_counts.first_at, excluded.first_at),
        last_at = greatest(ingest_counts.last_at, excluded.last_at)`,
  );
}

function isForeignKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23503';
}
