import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { isDatabaseUnavailable } from '../http/errors.ts';
import { type Destination, follow } from '../ingest/follow/follow.ts';
import { toDatabase } from '../ingest/follow/toDatabase.ts';
import { toServer } from '../ingest/follow/toServer.ts';
import type { Arguments } from './arguments.ts';
import type { Target } from './target.ts';

/** Follows a log until the signal, and says from time to time how it goes. */
export async function followFile(
  given: Arguments,
  target: Target,
  { dataDir, signal, log }: { dataDir: string; signal: AbortSignal; log: Logger },
): Promise<void> {
  const path = given.file;
  const { source, timeZone } = given;
  const destination = destinationOf(target, { source, timeZone, path, dataDir });
  // A server makes its own keys; here lines are read only to find where a reader has to begin.
  const secret =
    target.kind === 'server' ? new Uint8Array(32) : (await target.policyOf(target.tenantId)).callers.key;
  log.info({ path, source }, 'follow:started');
  const total = { accepted: 0, duplicates: 0, rejected: 0, warnings: 0 };
  await follow({
    path,
    reader: { source, timeZone, secret, now: Date.now },
    destination,
    signal,
    log,
    onWritten(counts) {
      for (const key of ['accepted', 'duplicates', 'rejected', 'warnings'] as const)
        total[key] += counts[key];
      log.info({ ...counts, total: total.accepted }, 'follow:written');
    },
  });
  log.info(total, 'follow:stopped');
}

function destinationOf(
  target: Target,
  log: { source: string; timeZone: string; path: string; dataDir: string },
): Destination {
  const { source, timeZone, path } = log;
  if (target.kind === 'server') {
    const file = stateFile(log.dataDir, target.server.url, source, path);
    return toServer(target.server, { source, timeZone, stateFile: file });
  }
  const { db, tenantId, policyOf } = target;
  const database = toDatabase(db, { tenantId, source, path, policyOf });
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      // The next attempt, which `follow` makes, meets the database where it now is.
      if (isDatabaseUnavailable(error)) await target.reconnect();
      throw error;
    }
  };
  return {
    progress: () => attempt(() => database.progress()),
    write: (lines, progress) => attempt(() => database.write(lines, progress)),
  };
}

/** One place for each log sent to each server. */
function stateFile(dataDir: string, url: string, source: string, path: string): string {
  const name = createHash('sha256').update([url, source, path].join('\n')).digest('hex').slice(0, 16);
  return join(dataDir, 'follow', `${name}.json`);
}
