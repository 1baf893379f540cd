import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../../db/connect.ts';
import { addLine, type Batch, emptyBatch, isFull, writeBatch } from '../asterisk/batch.ts';
import type { IngestPolicy } from '../eventItem.ts';
import type { Destination, FollowCounts, FollowProgress } from './follow.ts';

interface PositionRow {
  inode: string;
  byte_offset: string;
  line: string;
  fingerprint: string;
  written_to: string | null;
}

/** Lines go into the log and their place into `import_positions`, in one transaction: a crash leaves both or none. */
export function toDatabase(
  db: Pick<Database, 'sql'>,
  options: {
    tenantId: string;
    source: string;
    path: string;
    /** Asked before each write: a follower runs for months, and what a tenant decides meanwhile acts. */
    policyOf(tenantId: string): Promise<IngestPolicy>;
  },
): Destination {
  const { tenantId, source, path } = options;

  async function write(batch: Batch, progress: FollowProgress | null): Promise<FollowCounts> {
    const appended = await inTenant(db, tenantId, async (tx) => {
      const result = await writeBatch(tx, batch);
      if (progress !== null) await saveProgress(tx, { tenantId, source, path, progress });
      return result;
    });
    return {
      accepted: appended.accepted,
      duplicates: appended.duplicates,
      rejected: batch.rejected,
      warnings: batch.warnings.length + appended.conflicts.length,
      lastSeq: appended.lastSeq,
    };
  }

  return {
    async progress() {
      const [row] = await inTenant(
        db,
        tenantId,
        (tx) => tx<PositionRow[]>`
          select inode, byte_offset::text, line::text, fingerprint, state ->> 'writtenTo' as written_to
          from import_positions where source = ${source} and path = ${path}`,
      );
      if (row === undefined) return null;
      const { inode, fingerprint } = row;
      return {
        resumeAt: { inode, fingerprint, offset: Number(row.byte_offset), line: Number(row.line) },
        writtenTo: Number(row.written_to ?? 0),
      };
    },

    async write(lines, progress) {
      const total: FollowCounts = { accepted: 0, duplicates: 0, rejected: 0, warnings: 0, lastSeq: 0 };
      const policy = await options.policyOf(tenantId);
      let batch = emptyBatch();
      const flush = async (reached: FollowProgress | null) => {
        const counts = await write(batch, reached);
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
      await flush(progress);
      return total;
    },
  };
}

async function saveProgress(
  tx: TransactionSql,
  follower: { tenantId: string; source: string; path: string; progress: FollowProgress },
): Promise<void> {
  const { tenantId, source, path, progress } = follower;
  const { inode, offset, line, fingerprint } = progress.resumeAt;
  const state = JSON.stringify({ writtenTo: progress.writtenTo });
  await tx`
    insert into import_positions (tenant_id, source, path, inode, byte_offset, line, fingerprint, state)
    values (${tenantId}, ${source}, ${path}, ${inode}, ${offset}, ${line}, ${fingerprint}, ${state}::text::jsonb)
    on conflict (tenant_id, source, path) do update set
      inode = excluded.inode, byte_offset = excluded.byte_offset, line = excluded.line,
      fingerprint = excluded.fingerprint, state = excluded.state, updated_at = clock_timestamp()`;
}
