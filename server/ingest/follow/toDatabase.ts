import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../../db/connect.ts';
import { addLine, type Batch, emptyBatch, isFull, writeBatch } from '../asterisk/batch.ts';
import type { IngestPolicy } from '../eventItem.ts';
import { retryConflicts } from '../retryConflicts.ts';
import type { Destination, FollowCounts } from './follow.ts';
import type { Place } from './tail.ts';

interface PositionRow {
  inode: string;
  byte_offset: string;
  line: string;
  fingerprint: string;
}

/** Lines go into the log and their place into `import_positions`, in one transaction: a crash leaves both or none. */
export function toDatabase(
  db: Database,
  options: { tenantId: string; source: string; path: string; policy: IngestPolicy },
): Destination {
  const { tenantId, source, path, policy } = options;

  async function write(batch: Batch, place: Place | null): Promise<FollowCounts> {
    const appended = await retryConflicts(() =>
      inTenant(db, tenantId, async (tx) => {
        const result = await writeBatch(tx, batch);
        if (place !== null) await savePlace(tx, { tenantId, source, path, place });
        return result;
      }),
    );
    return {
      accepted: appended.accepted,
      duplicates: appended.duplicates,
      rejected: batch.rejected,
      warnings: batch.warnings.length + appended.conflicts.length,
      lastSeq: appended.lastSeq,
    };
  }

  return {
    async place() {
      const [row] = await inTenant(
        db,
        tenantId,
        (tx) => tx<PositionRow[]>`
          select inode, byte_offset::text, line::text, fingerprint
          from import_positions where source = ${source} and path = ${path}`,
      );
      if (row === undefined) return null;
      return {
        inode: row.inode,
        fingerprint: row.fingerprint,
        offset: Number(row.byte_offset),
        line: Number(row.line),
      };
    },

    async write(lines, resumeAt) {
      const total: FollowCounts = { accepted: 0, duplicates: 0, rejected: 0, warnings: 0, lastSeq: 0 };
      let batch = emptyBatch();
      const flush = async (place: Place | null) => {
        const counts = await write(batch, place);
        batch = emptyBatch();
        for (const key of ['accepted', 'duplicates', 'rejected', 'warnings'] as const)
          total[key] += counts[key];
        total.lastSeq = counts.lastSeq;
      };
      for (const { line, result } of lines) {
        addLine(
          batch,
          result,
          { line: line.number, raw: line.text },
          { policy, source, importId: undefined },
        );
        if (isFull(batch)) await flush(null);
      }
      // The place moves with the last of the lines, never ahead of one.
      await flush(resumeAt);
      return total;
    },
  };
}

async function savePlace(
  tx: TransactionSql,
  { tenantId, source, path, place }: { tenantId: string; source: string; path: string; place: Place },
): Promise<void> {
  await tx`
    insert into import_positions (tenant_id, source, path, inode, byte_offset, line, fingerprint)
    values (${tenantId}, ${source}, ${path}, ${place.inode}, ${place.offset}, ${place.line}, ${place.fingerprint})
    on conflict (tenant_id, source, path) do update set
      inode = excluded.inode, byte_offset = excluded.byte_offset, line = excluded.line,
      fingerprint = excluded.fingerprint, updated_at = clock_timestamp()`;
}
