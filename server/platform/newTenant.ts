import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { AppError } from '../http/errors.ts';

/** One node holds the live state of as many (server/live/live.ts); more belong on another installation. */
const TENANTS_LIMIT = 500;

/** Whoever makes a tenant, or the first account, does so alone until his transaction ends. */
export async function lockPlatform(tx: TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('callboard.platform', 0))`;
}

/**
 * Makes a tenant with everything that must exist beside it, and leaves the transaction in its sight; answers its id.
 * Needs `lockPlatform`, so that the name found free for addresses still is.
 */
export async function makeTenant(
  tx: TransactionSql,
  { name, timeZone, playsDemo }: { name: string; timeZone: string; playsDemo: boolean | null },
): Promise<string> {
  const tenantId = randomUUID();
  const [{ count } = { count: 0 }] = await tx<{ count: number }[]>`
    select count(*)::integer as count from tenant_ids()`;
  if (count >= TENANTS_LIMIT) {
    throw new AppError('conflict', { message: `There are ${TENANTS_LIMIT} call centres already.` });
  }
  await tx`select create_tenant(${tenantId}, ${name}, free_slug(${slugOf(name)}), ${timeZone})`;
  await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
  if (playsDemo !== null) await tx`update tenants set plays_demo = ${playsDemo} where id = ${tenantId}`;
  return tenantId;
}

/** Makes somebody an administrator of the tenant in whose sight the transaction is. */
export async function addAdministrator(
  tx: TransactionSql,
  tenantId: string,
  accountId: string,
): Promise<void> {
  await tx`insert into memberships (tenant_id, account_id, role) values (${tenantId}, ${accountId}, 'admin')`;
}

/** For addresses: lower-case letters, digits and hyphens. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug || 'tenant';
}
