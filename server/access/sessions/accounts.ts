import { isPrintable } from '../../../shared/contract/ids.ts';
import type { Database } from '../../db/connect.ts';

export interface Account {
  account_id: string;
  password_hash: string;
  disabled_at: Date | null;
}

/** The account of an address, in whatever case it is typed; null where there is none. */
export async function accountByEmail(db: Pick<Database, 'sql'>, email: string): Promise<Account | null> {
  // PostgreSQL cannot even be asked for some texts, NUL for one; no account has them.
  if (!isPrintable(email)) return null;
  const [found] = await db.sql<Account[]>`
    select account_id, password_hash, disabled_at from account_by_email(${email})`;
  return found ?? null;
}
