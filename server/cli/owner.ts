import type { Logger } from 'pino';
import { loadConfig } from '../config.ts';
import { openDatabase } from '../db/connect.ts';
import { runningEmbedded } from './runningEmbedded.ts';

/** Makes an account a platform owner, in the database itself: whoever may write there runs the installation anyway. */
export async function makeOwner(email: string, env: NodeJS.ProcessEnv, log: Logger): Promise<void> {
  const { databaseUrl, directDatabaseUrl, dataDir } = loadConfig(env);
  const url = databaseUrl ?? (await runningEmbedded(dataDir));
  const db = await openDatabase({ databaseUrl: url, directDatabaseUrl, dataDir, log, poolSize: 1 });
  try {
    const [row] = await db.sql<{ made: boolean }[]>`select make_platform_owner(${email}) as made`;
    if (!row?.made) throw new Error(`Nobody signs in as ${email}: invite them first.`);
  } finally {
    await db.close();
  }
}
