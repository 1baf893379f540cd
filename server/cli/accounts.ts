import type { Logger } from 'pino';
import { RESET_PAGE } from '../../shared/contract/links.ts';
import { newSecret, sha256 } from '../access/secrets.ts';
import { accountByEmail } from '../access/sessions/accounts.ts';
import { onDatabase } from './onDatabase.ts';

/** What is done to accounts in the database itself. */

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

function unknown(email: string): Error {
  return new Error(`Nobody signs in as ${email}: invite them first.`);
}
