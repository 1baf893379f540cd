import type { Logger } from 'pino';
import { RESET_PAGE } from '../../shared/contract/links.ts';
import { accountByEmail } from '../access/accounts.ts';
import { newSecret, sha256 } from '../access/secrets.ts';
import { type Config, loadConfig } from '../config.ts';
import { type Database, openDatabase } from '../db/connect.ts';
import { runningEmbedded } from './runningEmbedded.ts';

/** What is done to accounts in the database itself: whoever may write there runs the installation anyway. */

const RESET_SECONDS = 3_600;

/** Makes an account a platform owner. */
export function makeOwner(email: string, env: NodeJS.ProcessEnv, log: Logger): Promise<void> {
  return onDatabase(env, log, async (db) => {
    const [row] = await db.sql<{ made: boolean }[]>`select make_platform_owner(${email}) as made`;
    if (!row?.made) throw unknown(email);
  });
}

/** A link by which the account gets a new password within an hour: for whoever nobody else can help. */
export function resetLink(email: string, env: NodeJS.ProcessEnv, log: Logger): Promise<string> {
  return onDatabase(env, log, async (db, { publicUrl, port, basePath }) => {
    const account = await accountByEmail(db, email);
    if (account === null || account.disabled_at !== null) throw unknown(email);
    const token = newSecret();
    await db.sql`select start_password_reset(${account.account_id}, null, ${sha256(token)}, ${RESET_SECONDS})`;
    return `${publicUrl ?? `http://localhost:${port}${basePath}`}/${RESET_PAGE}${token}`;
  });
}

async function onDatabase<T>(
  env: NodeJS.ProcessEnv,
  log: Logger,
  work: (db: Database, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(env);
  const { databaseUrl, directDatabaseUrl, dataDir } = config;
  const url = databaseUrl ?? (await runningEmbedded(dataDir));
  const db = await openDatabase({ databaseUrl: url, directDatabaseUrl, dataDir, log, poolSize: 1 });
  try {
    return await work(db, config);
  } finally {
    await db.close();
  }
}

function unknown(email: string): Error {
  return new Error(`Nobody signs in as ${email}: invite them first.`);
}
