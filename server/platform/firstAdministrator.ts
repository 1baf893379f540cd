import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Sql, TransactionSql } from 'postgres';
import type { Passwords } from '../access/sessions/passwords.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { transaction } from '../db/transaction.ts';
import { addAdministrator, lockPlatform, makeTenant } from './newTenant.ts';

/**
 * The first administrator from ADMIN_EMAIL and ADMIN_PASSWORD, where nobody has an account yet, in a tenant of his own
 * or, where a demo plays already, in that. Of nodes that start at once on an empty database one makes them.
 */
export async function ensureFirstAdministrator(options: {
  db: Database;
  config: Pick<Config, 'demo' | 'tenantName' | 'tenantTimeZone'>;
  given: { email: string; password: string };
  passwords: Passwords;
  log: Logger;
}): Promise<void> {
  const { db, config, given, passwords, log } = options;
  if (await hasAccounts(db.sql)) return;
  const passwordHash = await passwords.hash(given.password);
  const tenantId = await transaction(db.sql, async (tx) => {
    await lockPlatform(tx);
    if (await hasAccounts(tx)) return null;
    const accountId = await makePlatformOwner(tx, {
      email: given.email,
      name: 'Administrator',
      passwordHash,
    });
    const [demo] = await tx<{ id: string }[]>`select id from demo_tenant()`;
    const id = demo?.id ?? (await makeTenant(tx, firstTenant(config)));
    await tx`select set_config('app.tenant_id', ${id}, true)`;
    if (demo) await tx`update tenants set name = ${config.tenantName} where id = ${id}`;
    await addAdministrator(tx, id, accountId);
    return id;
  });
  if (tenantId !== null) log.info({ tenantId }, 'tenant:created');
}

/** The tenant an installation begins with. */
export function firstTenant(config: Pick<Config, 'demo' | 'tenantName' | 'tenantTimeZone'>) {
  // Null where it is off: it may still be turned on while nothing else is there.
  return { name: config.tenantName, timeZone: config.tenantTimeZone, playsDemo: config.demo || null };
}

/** Whether somebody has set this installation up. */
export async function hasAccounts(sql: Sql | TransactionSql): Promise<boolean> {
  const [row] = await sql<{ has: boolean }[]>`select has_accounts() as has`;
  return row?.has ?? false;
}

/** The account of whoever runs the installation; answers its id. */
export async function makePlatformOwner(
  tx: TransactionSql,
  { email, name, passwordHash }: { email: string; name: string; passwordHash: string },
): Promise<string> {
  const accountId = randomUUID();
  await tx`select create_account(${accountId}, ${email}, ${name}, ${passwordHash})`;
  await tx`select make_platform_owner(${email})`;
  return accountId;
}
