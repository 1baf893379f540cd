import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';

/**
 * Removes the logs of call centres that were deleted, a batch at a time and never more than half of the time. What was
 * left by a node that stopped is taken up by any other, and at the next start; two at once are kept apart by the function.
 */
export interface Sweeper {
  /** A call centre was deleted: no need to wait. */
  wake(): void;
  close(): Promise<void>;
}

/** Rows a transaction: short enough to hold up nobody. */
const BATCH = 2_000;
/** How often what others left is looked for. */
const EVERY_MS = 10 * 60_000;

export function startSweeper({
  db,
  log,
  batch = BATCH,
}: {
  db: Pick<Database, 'sql'>;
  log: Logger;
  batch?: number;
}): Sweeper {
  const closing = new AbortController();
  let rest = new AbortController();

  const sweep = async (): Promise<void> => {
    let removed = 0;
    while (!closing.signal.aborted) {
      const began = performance.now();
      const [row] = await db.sql<{ rows: number | null }[]>`select sweep_tenant_logs(${batch}) as rows`;
      const rows = row?.rows ?? null;
      if (rows === null) return;
      removed += rows;
      if (rows === 0) {
        log.info({ removed }, 'tenant:log_removed');
        removed = 0;
      }
      await sleep(performance.now() - began, closing.signal);
    }
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      rest = new AbortController();
      await sweep().catch((error: unknown) => log.warn({ err: error }, 'tenant:log_not_removed'));
      await sleep(EVERY_MS, AbortSignal.any([rest.signal, closing.signal]));
    }
  };
  const running = run();

  return {
    wake: () => rest.abort(),
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {}); // Aborting cuts it short.
}
