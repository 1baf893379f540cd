import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { TransactionSql } from 'postgres';
import { type IngestAnswer, REJECTIONS_SHOWN } from '../../../shared/contract/rest.ts';
import { type Actor, recordAudit } from '../../access/audit/audit.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import type { IngestPolicy } from '../eventItem.ts';
import { addLine, type Batch, emptyBatch, isFull, writeBatch } from './batch.ts';
import { createLineSplitter, type StreamLine } from './lines.ts';
import { type AsteriskReader, createAsteriskReader, type LineResult } from './reader.ts';

export interface ImportOptions {
  tenantId: string;
  /** Whom the audit names. */
  by: Actor;
  source: string;
  timeZone: string;
  /** What people call it: a file's name. */
  name: string;
  /** `lines` of a queue_log or its table as text; `rows` of the table, one JSON object a line. */
  format: 'lines' | 'rows';
  policy: IngestPolicy;
  /** A stretch of a log that grows is not an import one would list or void: it leaves no row, and no analysis. */
  isFollowed: boolean;
  now(): number;
  /** Bytes read and answer so far, after each transaction. */
  onProgress?(bytes: number, answer: IngestAnswer): void;
  /** What an operator should look at, the first {@link WARNINGS_TOLD} of it: `line 7: …`. */
  onWarning?(warning: string): void;
}

const WARNINGS_TOLD = 20;
const LINES_AT_ONCE = 200;

/** Rejected lines kept of one import; all are counted. A file of garbage must not fill the disk [L13]. */
const REJECTIONS_KEPT = 10_000;

/**
 * Reads a log of any size in constant memory: one batch is being written while the next is read, and reading
 * waits for writing. What is written stays when a later part fails; sending the log again adds the rest [L2].
 */
export async function importLog(
  db: Pick<Database, 'sql'>,
  options: ImportOptions,
  body: AsyncIterable<Uint8Array>,
): Promise<IngestAnswer> {
  const { tenantId, policy, source } = options;
  const importId = options.isFollowed ? undefined : randomUUID();
  const answer: IngestAnswer = {
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    warnings: 0,
    lastSeq: 0,
    rejections: [],
  };
  const splitter = createLineSplitter();
  const reader = createAsteriskReader<number>({
    source,
    timeZone: options.timeZone,
    secret: policy.callers.key,
    now: options.now,
  });
  let batch = emptyBatch();
  let writing: Promise<void> = Promise.resolve();
  let bytes = 0;
  let isWritten = false;
  let warningsTold = 0;

  async function write(full: Batch): Promise<void> {
    full.rejections.length = Math.min(full.rejections.length, Math.max(0, REJECTIONS_KEPT - answer.rejected));
    const appended = await inTenant(db, tenantId, async (tx) => {
      const result = await writeBatch(tx, full);
      if (importId !== undefined) await countImport(tx, importId, full, result);
      return result;
    });
    answer.accepted += appended.accepted;
    answer.duplicates += appended.duplicates;
    for (const warning of full.warnings.slice(0, Math.max(0, WARNINGS_TOLD - warningsTold))) {
      warningsTold++;
      options.onWarning?.(warning);
    }
    answer.rejected += full.rejected;
    answer.warnings += full.warnings.length + appended.conflicts.length;
    answer.lastSeq = Math.max(answer.lastSeq, appended.lastSeq);
    for (const { line, field, message } of full.rejections) {
      if (answer.rejections.length < REJECTIONS_SHOWN) answer.rejections.push({ line, field, message });
    }
    isWritten = true;
    options.onProgress?.(bytes, answer);
  }

  async function flush(): Promise<void> {
    const full = batch;
    batch = emptyBatch();
    await writing;
    writing = write(full);
    // Awaited above or below; until then a failure must not count as unhandled.
    writing.catch(() => {});
  }

  async function take(line: StreamLine): Promise<void> {
    addLine(
      batch,
      readLine(reader, line, options.format),
      { line: line.number, raw: line.text },
      { policy, source, importId },
    );
    if (isFull(batch)) await flush();
    // A chunk is a thousand lines, 20 ms of work: screens are served in between.
    if (line.number % LINES_AT_ONCE === 0) await breathe();
  }

  if (importId !== undefined) {
    await inTenant(db, tenantId, (tx) => startImport(tx, importId, options));
  }
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      for (const line of splitter.push(chunk)) await take(line);
    }
    const last = splitter.end();
    if (last !== null) await take(last);
    // An empty import is written, too: its answer carries the log's position.
    if (batch.lines > 0 || !isWritten) await flush();
    await writing;
    if (importId !== undefined) {
      await inTenant(db, tenantId, async (tx) => {
        await tx`update imports set state = 'done', finished_at = clock_timestamp() where id = ${importId}`;
        // A large import changes what the planner should know of the log.
        if (answer.accepted > 0) await tx`select analyze_log()`;
        const { accepted, duplicates, rejected, warnings } = answer;
        await recordAudit(tx, tenantId, options.by, {
          action: 'import.finished',
          subject: { id: importId, name: options.name },
          after: { source, accepted, duplicates, rejected, warnings },
        });
      });
    }
    return answer;
  } catch (error) {
    await writing.catch(() => {});
    if (importId !== undefined) await failImport(db, tenantId, importId, error);
    throw error;
  }
}

function readLine(reader: AsteriskReader<number>, line: StreamLine, format: 'lines' | 'rows'): LineResult {
  if (line.isTooLong) return failed('is longer than any line of a queue_log');
  if (format === 'lines') return reader.line(line.text, line.offset, line.isEnded);
  if (line.text.trim() === '') return reader.line('', line.offset, true);
  try {
    return reader.row(JSON.parse(line.text), line.offset);
  } catch (error) {
    if (error instanceof SyntaxError) return failed('must be one JSON object on one line');
    throw error;
  }
}

function failed(message: string): LineResult {
  return { event: null, fault: { field: 'line', message }, warnings: [], alias: null };
}

async function startImport(tx: TransactionSql, id: string, options: ImportOptions): Promise<void> {
  // Its events will be numbered after everything that is there already: voiding it looks no further back.
  await tx`
    insert into imports (tenant_id, id, source, name, first_seq)
    select ${options.tenantId}, ${id}, ${options.source}, ${options.name}, seq + 1 from event_heads
    where tenant_id = ${options.tenantId}`;
}

async function countImport(
  tx: TransactionSql,
  id: string,
  batch: Batch,
  appended: { accepted: number; duplicates: number; conflicts: number[]; lastSeq: number },
): Promise<void> {
  await tx`
    update imports set
      lines = lines + ${batch.lines},
      accepted = accepted + ${appended.accepted},
      duplicates = duplicates + ${appended.duplicates},
      rejected = rejected + ${batch.rejected},
      warnings = warnings + ${batch.warnings.length + appended.conflicts.length},
      last_seq = greatest(last_seq, ${appended.lastSeq})
    where id = ${id}`;
}

/** Says so in the import's row where the database can still be reached; where not, the row stays `running`. */
async function failImport(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  id: string,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
  try {
    await inTenant(
      db,
      tenantId,
      (tx) =>
        tx`update imports set state = 'failed', error = ${reason}, finished_at = clock_timestamp() where id = ${id}`,
    );
  } catch {
    // The first failure is the one to report.
  }
}
