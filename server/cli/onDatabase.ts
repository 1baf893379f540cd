import type { Logger } from 'pino';
import { type Config, loadConfig } from '../config.ts';
import { type Database, openDatabase } from '../db/connect.ts';
import { runningEmbedded } from './runningEmbedded.ts';

/** Runs `work` on the database itself, whether a server runs on it or not: whoever may do that runs the installation anyway. */
export async function onDatabase<T>(
  env: NodeJS.ProcessEnv,
  log: Logger,
  work: (db: Database, config: Config) => Promise<T>,
  poolSize = 1,
): Promise<T> {
  const config = loadConfig(env);
  const { databaseUrl, directDatabaseUrl, dataDir } = config;
  const url = databaseUrl ?? (await runningEmbedded(dataDir));
  const db = await openDatabase({ databaseUrl: url, directDatabaseUrl, dataDir, log, poolSize });
  try {
    return await work(db, config);
  } finally {
    await db.close();
  }
}
