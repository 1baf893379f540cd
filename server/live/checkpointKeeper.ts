import type { Logger } from 'pino';
import type { LiveState } from '../../shared/live/state.ts';
import type { Database } from '../db/connect.ts';
import { checkpointIsDue, takeCold, takeWarm, type WarmPart, writeCheckpoint } from './checkpoints.ts';

/** Writes a tenant's checkpoint whenever one is due [L14]. Knows when; server/live/checkpoints.ts knows how. */
export interface CheckpointKeeper {
  /** Starts the pace anew: a state has just been built. */
  begin(): void;
  /** Takes a checkpoint if one is due. Nothing may be folded until it resolves; the writing goes on behind it. */
  keep(state: LiveState, foldFingerprint: string): Promise<void>;
  /** Waits for what is being written; nothing is begun any more. */
  close(): Promise<void>;
}

/** The warm part halts folding while it is taken; a large one is taken rarely enough to cost 0.5 % of the time. */
const SHARE = 200;

export function createCheckpointKeeper(options: {
  db: Database;
  tenantId: string;
  log: Logger;
  now: () => number;
  everyMs: number;
}): CheckpointKeeper {
  const { db, tenantId, log, now, everyMs } = options;
  let writing: Promise<void> | null = null;
  let nextAt = 0;
  let closed = false;

  /** The last time a cold call was touched while they were saved at leisure: this time folding waits for them too. */
  let wasStirred = false;

  const finish = async (
    warm: WarmPart,
    taking: Promise<string[] | null>,
    foldFingerprint: string,
  ): Promise<void> => {
    const cold = await taking;
    wasStirred = cold === null;
    if (cold === null || closed) return;
    const { seq, chunks } = warm;
    const written = await writeCheckpoint(db, tenantId, { seq, foldFingerprint, warm: chunks, cold });
    log.debug({ seq, chunks: chunks.length + cold.length, written }, 'checkpoint:done');
  };

  return {
    begin() {
      // Nodes that started together do not write together.
      nextAt = now() + everyMs * (0.5 + Math.random());
    },
    async keep(state, foldFingerprint) {
      if (closed || writing || state.awaited > 0 || now() < nextAt) return;
      nextAt = now() + everyMs;
      if (!(await checkpointIsDue(db, tenantId, everyMs * 0.9))) return;
      const began = performance.now();
      const warm = await takeWarm(state);
      const taking = takeCold(state, warm, () => closed);
      if (wasStirred) await taking;
      nextAt = now() + Math.max(everyMs, (performance.now() - began) * SHARE);
      // Cold calls hardly ever change, and writing needs the text only: folding goes on meanwhile.
      writing = finish(warm, taking, foldFingerprint)
        .catch((error: unknown) => log.warn({ err: error }, 'checkpoint:failed'))
        .finally(() => {
          writing = null;
        });
    },
    async close() {
      closed = true;
      await writing;
    },
  };
}
