import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres, { type Sql } from 'postgres';
import { startEmbedded } from '../server/db/embedded/embedded.ts';

/** One PostgreSQL for a figure and its baseline, so that both meet the same disk and settings. */
export interface BenchPostgres {
  /** Makes an empty database and returns its superuser's URL. */
  create(name: string): Promise<string>;
  /** The superuser's URL of one that is there; null where it is not. */
  find(name: string): Promise<string | null>;
  /** Of one that nobody is connected to. */
  rename(name: string, to: string): Promise<string>;
  stop(): Promise<void>;
}

/** Its data are deleted when it stops, unless they are to be `keptIn` a folder. */
export async function startPostgres(keptIn?: string): Promise<BenchPostgres> {
  const dataDir = keptIn ?? mkdtempSync(join(tmpdir(), 'callboard-bench-'));
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, log: pino({ level: 'error' }) });
  // A bench that takes too long is ended so (run.ts), and leaves neither PostgreSQL nor gigabytes of data behind.
  const stop = async () => {
    await embedded.close();
    if (keptIn === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const stopAndExit = () => {
    stop().finally(() => process.exit(143));
  };
  process.once('SIGTERM', stopAndExit).once('SIGINT', stopAndExit);
  const onServer = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const sql = postgres(embedded.url, { max: 1, onnotice: () => {} });
    try {
      return await work(sql);
    } finally {
      await sql.end();
    }
  };
  const urlOf = (name: string) => {
    const url = new URL(embedded.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  return {
    async create(name) {
      await onServer((sql) => sql`create database ${sql(name)}`);
      return urlOf(name);
    },
    async find(name) {
      const found = await onServer((sql) => sql`select from pg_database where datname = ${name}`);
      return found.length > 0 ? urlOf(name) : null;
    },
    async rename(name, to) {
      await onServer((sql) => sql`alter database ${sql(name)} rename to ${sql(to)}`);
      return urlOf(to);
    },
    async stop() {
      process.off('SIGTERM', stopAndExit).off('SIGINT', stopAndExit);
      await stop();
    },
  };
}
