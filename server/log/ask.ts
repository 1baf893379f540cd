import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../db/connect.ts';
import { within } from '../db/deadline.ts';

/** No single question live asks of the database takes this long; one that does is on a dead connection. */
export const ANSWER_MS = 15_000;

/** One question in the tenant's transaction, with a deadline: a feed must find out that its database is gone [L9]. */
export function ask<T>(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  question: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  return within(inTenant(db, tenantId, question), ANSWER_MS);
}
