import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { startEmbedded } from '../server/db/embedded/embedded.ts';

/** One PostgreSQL for a figure and its baseline, so that both meet the same disk and settings. */
export interface BenchPostgres {
  /** Makes an empty database and returns its superuser's URL. */
  create(name: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<BenchPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'callboard-bench-'));
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'error' }) });
  // A bench that takes too long is ended so (run.ts), and leaves neither PostgreSQL nor gigabytes of data behind.
  const stop = async () => {
    await embedded.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const stopAndExit = () => {
    stop().finally(() => process.exit(143));
  };
  process.once('SIGTERM', stopAndExit).once('SIGINT', stopAndExit);
  return {
    async create(name) {
      const sql = postgres(embedded.url, { max: 1, onnotice: () => {} });
      await sql`create database ${sql(name)}`;
      await sql.end();
      const url = new URL(embedded.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      process.off('SIGTERM', stopAndExit).off('SIGINT', stopAndExit);
      await stop();
    },
  };
}
