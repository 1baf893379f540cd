import type { TransactionSql } from 'postgres';
import { BATCH_BYTES_LIMIT, BATCH_LIMIT } from '../../../shared/contract/events.ts';
import { type Appended, appendItems } from '../append.ts';
import { maskNumbers } from '../caller.ts';
import { eventItem, type IngestPolicy } from '../eventItem.ts';
import { insertRejections, type RejectedInput } from '../rejections.ts';
import type { InferredAlias } from './aliases.ts';
import type { LineResult } from './reader.ts';

/** What a stretch of a log comes to: written in one transaction, so that it is in the log whole or not at all. */
export interface Batch {
  lines: number;
  items: string[];
  bytes: number;
  aliases: InferredAlias[];
  rejected: number;
  rejections: RejectedInput[];
  warnings: string[];
}

export function emptyBatch(): Batch {
  return { lines: 0, items: [], bytes: 0, aliases: [], rejected: 0, rejections: [], warnings: [] };
}

export function isFull(batch: Batch): boolean {
  return (
    batch.items.length >= BATCH_LIMIT ||
    batch.bytes >= BATCH_BYTES_LIMIT ||
    batch.rejections.length >= BATCH_LIMIT ||
    batch.warnings.length >= BATCH_LIMIT
  );
}

/** Adds one line to a batch that is not full. `raw` is what is kept of it should it be rejected. */
export function addLine(
  batch: Batch,
  result: LineResult,
  at: { line: number; raw: string },
  context: { policy: IngestPolicy; source: string; importId: string | undefined },
): void {
  const { policy, source, importId } = context;
  batch.lines++;
  for (const warning of result.warnings) batch.warnings.push(`line ${at.line}: ${warning}`);
  let fault = result.fault;
  if (result.event !== null) {
    const item = eventItem(result.event, policy, importId);
    if (typeof item === 'string') {
      batch.items.push(item);
      batch.bytes += item.length;
    } else {
      fault = item;
    }
  }
  if (fault !== null) {
    batch.rejected++;
    batch.rejections.push({ source, importId, line: at.line, ...fault, raw: maskLine(at.raw, policy) });
  } else if (result.alias !== null) {
    const namespace = policy.namespaces.get(source) ?? '';
    batch.aliases.push({ alias: namespace + result.alias.alias, agent: namespace + result.alias.agent });
  }
}

/** Time and call id stay readable; behind them, numbers of people are not kept in clear. */
function maskLine(raw: string, policy: IngestPolicy): string {
  const [time = '', callId = '', ...rest] = raw.split('|');
  if (rest.length === 0) return maskNumbers(raw, policy.callers);
  return [time, callId, maskNumbers(rest.join('|'), policy.callers)].join('|');
}

export async function writeBatch(tx: TransactionSql, batch: Batch): Promise<Appended> {
  const appended = await appendItems(tx, batch.items);
  await insertRejections(tx, batch.rejections);
  for (const { alias, agent } of batch.aliases) {
    // Looked for first: even an insert that finds nothing new would move settings.version and wake every screen.
    const [known] = await tx`select from agent_aliases where alias = ${alias}`;
    if (known !== undefined) continue;
    await tx`
      insert into agent_aliases (tenant_id, alias, agent_id, origin)
      select tenant_id, ${alias}, id, 'inferred' from agents where id = ${agent}
      on conflict do nothing`;
  }
  return appended;
}
