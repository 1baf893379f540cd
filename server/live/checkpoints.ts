import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { loadCold, loadWarm, STATE_VERSION, saveCold, saveWarm } from '../../shared/live/checkpoint.ts';
import { coldIn, finishCold } from '../../shared/live/cold.ts';
import type { Call } from '../../shared/live/model.ts';
import type { LiveState } from '../../shared/live/state.ts';
import type { Database } from '../db/connect.ts';
import { ask } from '../log/ask.ts';
import { inSlices, runInSlices } from '../log/slices.ts';

/**
 * Live state kept across restarts [L14]: the state as chunks of text under a version that names the code and the
 * settings it was folded with. Any other version is not read but folded anew from the log, so a checkpoint can be
 * missing, old or foreign without a number being wrong.
 *
 * The warm chunks, numbered from 0, are all a wall needs; the cold ones, from `COLD_FROM`, follow when it is served.
 */

/** Rows a statement writes or reads: some 3 MB, well below what the driver must hold at once. */
const CHUNKS_PER_STATEMENT = 32;
/** Number of the first cold chunk: there are never that many warm ones. */
const COLD_FROM = 1_000_000;

function versionOf(foldFingerprint: string): string {
  return `${STATE_VERSION}:${foldFingerprint}`;
}

export interface WarmPart {
  seq: number;
  chunks: string[];
  /** What is left to be saved, and the state's mark by which to see that none of it was touched since. */
  cold: Call[];
  stirred: number;
}

/** The warm part as chunks; nothing may be folded meanwhile, or they would not belong together. */
export async function takeWarm(state: LiveState): Promise<WarmPart> {
  const warm: Call[] = [];
  const cold: Call[] = [];
  const isCold = coldIn(state);
  await inSlices(state.calls.values(), (call) => (isCold(call) ? cold : warm).push(call));
  const chunks: string[] = [];
  await inSlices(saveWarm(state, warm, cold), (chunk) => chunks.push(chunk), { itemsPerLook: 1 });
  return { seq: state.seq, chunks, cold, stirred: state.stirred };
}

/** The cold calls as chunks, while folding may go on; null when one of them was touched meanwhile, or `isClosed`. */
export async function takeCold(
  state: LiveState,
  { cold, stirred }: WarmPart,
  isClosed: () => boolean,
): Promise<string[] | null> {
  const chunks: string[] = [];
  const isOver = (): boolean => state.stirred !== stirred || isClosed();
  await inSlices(saveCold(cold), (chunk) => chunks.push(chunk), { itemsPerLook: 1, isOver });
  return isOver() ? null : chunks;
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
  checkpoint: { seq: number; foldFingerprint: string; warm: string[]; cold: string[] },
): Promise<boolean> {
  const { seq } = checkpoint;
  const version = versionOf(checkpoint.foldFingerprint);
  return ask(db, tenantId, async (tx) => {
    const [lock] = await tx<{ held: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`callboard.checkpoint.${tenantId}`}, 0)) as held`;
    if (!lock?.held) return false;
    // One checkpoint a tenant is kept: readers of the old one hold their snapshot until they are done.
    await tx`delete from live_checkpoints where tenant_id = ${tenantId}`;
    const parts: [number, string[]][] = [
      [0, checkpoint.warm],
      [COLD_FROM, checkpoint.cold],
    ];
    for (const [first, chunks] of parts) {
      for (let from = 0; from < chunks.length; from += CHUNKS_PER_STATEMENT) {
        const some = chunks.slice(from, from + CHUNKS_PER_STATEMENT);
        await tx`
          insert into live_checkpoints (tenant_id, state_version, seq, chunk, chunks, body)
          select ${tenantId}, ${version}, ${seq}, ${first + from} + place - 1, ${chunks.length}, body
          from unnest(${some}::text[]) with ordinality as given (body, place)`;
      }
    }
    return true;
  });
}

/**
 * The warm part of the last checkpoint made by this code under these settings, as a state; null when there is none.
 * Its cold calls are still to come: {@link takeInCold}.
 */
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
      where tenant_id = ${tenantId} and state_version = ${version} and chunk < ${COLD_FROM}
        and seq = (select max(seq) from live_checkpoints
          where tenant_id = ${tenantId} and state_version = ${version})
      order by chunk`;
    return rows.length > 0 && rows[0]?.chunks === rows.length ? rows.map((row) => row.body) : [];
  });
  return bodies.length > 0 ? runInSlices(loadWarm(bodies, settings)) : null;
}

/**
 * Takes in the cold calls of the checkpoint numbered `seq`, a few milliseconds at a time between whatever else happens
 * to the state: screens come back at the same moment, so it takes a quarter of the time at most, unless it `isUrgent`.
 * Throws when they are not there any more; stops early once `isOver`.
 */
export async function takeInCold(
  db: Database,
  tenantId: string,
  state: LiveState,
  from: { seq: number; foldFingerprint: string; isOver: () => boolean; isUrgent: () => boolean },
): Promise<void> {
  const { seq, isOver, isUrgent } = from;
  for (let next = COLD_FROM; state.awaited > 0; next += CHUNKS_PER_STATEMENT) {
    const rows = await ask(
      db,
      tenantId,
      (tx) => tx<{ body: string }[]>`
        select body from live_checkpoints
        where tenant_id = ${tenantId} and state_version = ${versionOf(from.foldFingerprint)} and seq = ${seq}
          and chunk >= ${next} order by chunk limit ${CHUNKS_PER_STATEMENT}`,
    );
    if (isOver()) return;
    if (rows.length === 0) throw new Error('checkpoint: cold chunks are missing');
    for (const { body } of rows) {
      const began = performance.now();
      loadCold(state, body);
      await (isUrgent() ? nextTurn() : pause(3 * (performance.now() - began)));
      if (isOver()) return;
    }
  }
  await inSlices(state.queues.values(), (queue) => finishCold(state, queue), { itemsPerLook: 1, isOver });
}
