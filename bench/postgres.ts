import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { startEmbedded } from '../server/db/embedded/embedded.ts';

/** One PostgreSQL for a figure and its baseline, so that both meet the same disk and settings. */
export interface BenchPostgres {
  /** Makes an empty database and returns its superuser's URL. */
  create(name: string): Promise<string>;
  /** The superuser's URL of a database from an earlier run; null where there is none. */
  find(name: string): Promise<string | null>;
  stop(): Promise<void>;
}

/** `keptAt`: the folder its data is kept in for the next run; left out: they go when it stops. */
export async function startPostgres(keptAt?: string): Promise<BenchPostgres> {
  if (keptAt !== undefined) mkdirSync(keptAt, { recursive: true });
  const dataDir = keptAt ?? mkdtempSync(join(tmpdir(), 'callboard-bench-'));
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'error' }) });
  // A bench that takes too long is ended so (run.ts), and leaves neither PostgreSQL nor gigabytes of data behind.
  const stop = async () => {
    await embedded.close();
    if (keptAt === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const stopAndExit = () => {
    stop().finally(() => process.exit(143));
  };
  process.once('SIGTERM', stopAndExit).once('SIGINT', stopAndExit);
  const urlOf = (name: string): string => {
    const url = new URL(embedded.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  return {
    async create(name) {
      const sql = postgres(embedded.url, { max: 1, onnotice: () => {} });
      await sql`create database ${sql(name)}`;
      await sql.end();
      return urlOf(name);
    },
    async find(name) {
      const sql = postgres(embedded.url, { max: 1, onnotice: () => {} });
      const found = await sql`select from pg_database where datname = ${name}`;
      await sql.end();
      return found.length > 0 ? urlOf(name) : null;
    },
    async stop() {
      process.off('SIGTERM', stopAndExit).off('SIGINT', stopAndExit);
      await stop();
    },
  };
}
