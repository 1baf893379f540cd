import type { Logger } from 'pino';
import type { Sql } from 'postgres';

/** Often enough for a month's notice of three; each time costs one query when there is nothing to do. */
const EVERY_MS = 6 * 3_600_000;

/** After a failure, e.g. readers that held the table for longer than the lock timeout. */
const RETRY_MS = 60_000;

/**
 * Keeps the log's partitions three months ahead for as long as the server runs: an event without a partition could
 * not be stored. Every node may: the work is done once, under a lock.
 */
export async function keepPartitionsAhead(
  sql: Sql,
  log: Logger,
  everyMs = EVERY_MS,
): Promise<{ close(): Promise<void> }> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function ensure(): Promise<void> {
    let next = everyMs;
    try {
      const [row] = await sql<{ made: string[] }[]>`select ensure_partitions() as made`;
      if (row && row.made.length > 0) log.info({ partitions: row.made }, 'partitions:made');
    } catch (error) {
      log.warn({ err: error }, 'partitions:failed; there are three months left to try again');
      next = Math.min(everyMs, RETRY_MS);
    }
    if (isClosed) return;
    timer = setTimeout(() => {
      running = ensure();
    }, next);
    timer.unref();
  }

  running = ensure();
  await running;
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
