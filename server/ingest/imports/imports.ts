import type { TransactionSql } from 'postgres';
import type { KeptImport } from '../../../shared/contract/imports.ts';
import { type Actor, recordAudit } from '../../access/audit/audit.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import type { InstantPlace } from '../../db/instantCursor.ts';
import { AppError } from '../../http/errors.ts';

/** The imports of a tenant, and taking one back. */

/** Numbers of the log a statement goes through: none is under way for long, however large the import. */
const BATCH = 20_000;
/** No import takes this long: one that still runs has died with its server, which is not coming back to say so. */
const DEAD_AFTER_MS = 24 * 3_600_000;

/** Newest first; `after` is the place behind the last one seen, as `cursorOf` gives it, of `startedAt` and id. */
export async function listImports(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  page: { after: InstantPlace | null; limit: number },
): Promise<KeptImport[]> {
  const { after, limit } = page;
  return inTenant(
    db,
    tenantId,
    (tx) => tx<KeptImport[]>`
      select ${columns(tx)} from imports
      where tenant_id = ${tenantId} and (${after === null}
        or (started_at, id) < (${after?.at ?? null}::text::timestamptz, ${after?.id ?? null}::uuid))
      order by started_at desc, id desc limit ${limit}`,
  );
}

/** `not_found` where the tenant has no such import. */
export function readImport(db: Pick<Database, 'sql'>, tenantId: string, id: string): Promise<KeptImport> {
  return inTenant(db, tenantId, (tx) => readOne(tx, tenantId, id));
}

/**
 * Takes an import back, as if it had never been: its events count no more, its keys are free, so the same file can be
 * imported again, and what live and history made of them is made anew. All of it in one transaction, which holds up no
 * writer of the log but for its last moments. `seq` is the log's position by which that is known: whoever has read so
 * far shows nothing of the import. Again changes nothing. `not_found` where the tenant has no such import, `conflict`
 * while it is running.
 */
export function voidImport(
  db: Pick<Database, 'sql'>,
  by: Actor,
  tenantId: string,
  id: string,
): Promise<{ voided: KeptImport; seq: number }> {
  return inTenant(db, tenantId, async (tx) => {
    // Not by its row: the log's head is the first lock of whoever takes it [L1].
    await tx`select pg_advisory_xact_lock(hashtextextended(${`callboard.void.${tenantId}.${id}`}, 0))`;
    const found = await readOne(tx, tenantId, id);
    if (found.state === 'voided') return { voided: found, seq: await headSeq(tx, tenantId) };
    if (found.state === 'running' && Date.now() - Date.parse(found.startedAt) < DEAD_AFTER_MS)
      throw new AppError('conflict', { message: 'It is still running: wait until it has ended.' });

    let events = 0;
    let earliest: string | null = null;
    let latest: string | null = null;
    for (let reached: number | null = 0; reached !== null; ) {
      const batch: VoidedRow | undefined = await voidBatch(tx, id, reached);
      reached = batch?.reached ?? null;
      events += batch?.voided ?? 0;
      // As PostgreSQL writes instants in UTC, in the order of their letters.
      if (batch?.earliest && (earliest === null || batch.earliest < earliest)) earliest = batch.earliest;
      if (batch?.latest && (latest === null || batch.latest > latest)) latest = batch.latest;
    }
    const [note] = await tx<{ seq: number }[]>`
      select finish_void(${id}, ${events}, ${earliest}::text::timestamptz, ${latest}::text::timestamptz)::float8 as seq`;
    const { source, name } = found;
    await recordAudit(tx, tenantId, by, {
      action: 'import.voided',
      subject: { id, name },
      after: { source, voided: events },
    });
    return { voided: await readOne(tx, tenantId, id), seq: note?.seq ?? 0 };
  });
}

interface VoidedRow {
  reached: number | null;
  voided: number;
  earliest: string | null;
  latest: string | null;
}

async function voidBatch(tx: TransactionSql, id: string, after: number): Promise<VoidedRow | undefined> {
  const [row] = await tx<VoidedRow[]>`
    select reached::float8, voided, ${iso(tx, 'earliest')}, ${iso(tx, 'latest')}
    from void_events(${id}, ${after}, ${BATCH})`;
  return row;
}

async function headSeq(tx: TransactionSql, tenantId: string): Promise<number> {
  const [head] = await tx<{ seq: number }[]>`
    select seq::float8 from event_heads where tenant_id = ${tenantId}`;
  return head?.seq ?? 0;
}

async function readOne(tx: TransactionSql, tenantId: string, id: string): Promise<KeptImport> {
  const [found] = await tx<KeptImport[]>`
    select ${columns(tx)} from imports where tenant_id = ${tenantId} and id = ${id}`;
  if (found === undefined) throw new AppError('not_found');
  return found;
}

function columns(tx: TransactionSql) {
  return tx`
    id, source, name, state, lines::float8, accepted::float8, duplicates::float8, rejected::float8, warnings::float8,
    voided::float8, error, ${iso(tx, 'started_at')}, ${iso(tx, 'finished_at')}, ${iso(tx, 'voided_at')}`;
}

/** To the microsecond: a cursor made of it is exact. */
function iso(tx: TransactionSql, column: string) {
  const field = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return tx`to_char(${tx(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${tx(field)}`;
}
