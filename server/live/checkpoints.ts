import type { LiveSettings } from '../../shared/contract/settings.ts';
import { loadState, STATE_VERSION, saveState } from '../../shared/live/checkpoint.ts';
import type { LiveState } from '../../shared/live/state.ts';
import type { Database } from '../db/connect.ts';
import { ask } from './ask.ts';
import { inSlices } from './slices.ts';

/**
 * Live state kept across restarts [L14]: the state as chunks of text under a version that names the code and the
 * settings it was folded with. Any other version is not read but folded anew from the log, so a checkpoint can be
 * missing, old or foreign without a number being wrong.
 */

/** Rows a statement writes or reads: some 3 MB, well below what the driver must hold at once. */
const CHUNKS_PER_STATEMENT = 64;

function versionOf(foldFingerprint: string): string {
  return `${STATE_VERSION}:${foldFingerprint}`;
}

/** The state as chunks; nothing may be folded meanwhile, or they would not belong together. */
export async function takeChunks(state: LiveState): Promise<string[]> {
  const chunks: string[] = [];
  await inSlices(saveState(state), (chunk) => chunks.push(chunk), { itemsPerLook: 1 });
  return chunks;
}

/** True when nobody, this node or another, has written one since `freshMs` ago. */
export function checkpointIsDue(db: Database, tenantId: string, freshMs: number): Promise<boolean> {
  return ask(db, tenantId, async (tx) => {
    const [fresh] = await tx`
      select 1 from live_checkpoints
      where tenant_id = ${tenantId} and chunk = 0
        and created_at > clock_timestamp() - ${freshMs} * interval '1 millisecond' limit 1`;
    return fresh === undefined;
  });
}

/** Replaces the tenant's checkpoint; false when another node holds the tenant's lock and is doing so. */
export function writeCheckpoint(
  db: Database,
  tenantId: string,
  checkpoint: { seq: number; foldFingerprint: string; chunks: string[] },
): Promise<boolean> {
  const { seq, chunks } = checkpoint;
  const version = versionOf(checkpoint.foldFingerprint);
  return ask(db, tenantId, async (tx) => {
    const [lock] = await tx<{ held: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`callboard.checkpoint.${tenantId}`}, 0)) as held`;
    if (!lock?.held) return false;
    // One checkpoint a tenant is kept: readers of the old one hold their snapshot until they are done.
    await tx`delete from live_checkpoints where tenant_id = ${tenantId}`;
    for (let from = 0; from < chunks.length; from += CHUNKS_PER_STATEMENT) {
      const some = chunks.slice(from, from + CHUNKS_PER_STATEMENT);
      await tx`
        insert into live_checkpoints (tenant_id, state_version, seq, chunk, chunks, body)
        select ${tenantId}, ${version}, ${seq}, ${from} + place - 1, ${chunks.length}, body
        from unnest(${some}::text[]) with ordinality as given (body, place)`;
    }
    return true;
  });
}

/** The last checkpoint made by this code under these settings, as a state; null when there is none. */
export async function readCheckpoint(
  db: Database,
  tenantId: string,
  foldFingerprint: string,
  settings: LiveSettings,
): Promise<LiveState | null> {
  const version = versionOf(foldFingerprint);
  const bodies = await ask(db, tenantId, async (tx) => {
    // One statement, one snapshot: a checkpoint being replaced is seen whole or not at all.
    const rows = await tx<{ chunks: number; body: string }[]>`
      select chunks, body from live_checkpoints
      where tenant_id = ${tenantId} and state_version = ${version}
        and seq = (select max(seq) from live_checkpoints
          where tenant_id = ${tenantId} and state_version = ${version})
      order by chunk`;
    return rows.length > 0 && rows[0]?.chunks === rows.length ? rows.map((row) => row.body) : [];
  });
  return bodies.length > 0 ? loadState(bodies, settings) : null;
}
