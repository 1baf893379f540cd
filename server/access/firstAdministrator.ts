import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { keptSecret, readKept } from './keptSecret.ts';
import type { Passwords } from './passwords.ts';

/** How the operator gets in: printed at start. `passwordFile` is null where the password is the operator's own. */
export interface FirstAdministrator {
  email: string;
  passwordFile: string | null;
  /** Only when the account was made just now with a password made up for it. */
  password: string | null;
}

const DEFAULT_EMAIL = 'admin@callboard.local';

/**
 * Makes the first tenant and its administrator where there is none, from ADMIN_EMAIL and ADMIN_PASSWORD or with a
 * password made up and kept in the data directory. Of nodes that start at once on an empty database one makes them.
 */
export async function ensureFirstAdministrator(options: {
  db: Database;
  config: Pick<Config, 'adminEmail' | 'adminPassword' | 'tenantName' | 'tenantTimeZone' | 'dataDir'>;
  passwords: Passwords;
  log: Logger;
}): Promise<FirstAdministrator | null> {
  const { db, config, passwords, log } = options;
  const passwordFile = join(config.dataDir, 'first-administrator-password');
  const email = config.adminEmail ?? DEFAULT_EMAIL;

  const [existing] = await db.sql`select tenant_ids() limit 1`;
  if (existing) {
    if (config.adminEmail !== null) return { email, passwordFile: null, password: null };
    const isKept = (await readKept(passwordFile)) !== null;
    return isKept ? { email, passwordFile, password: null } : null;
  }

  // Kept before it is used: a password nobody knows would lock everybody out of what was just made.
  const password =
    config.adminPassword ?? (await keptSecret(passwordFile, () => randomBytes(12).toString('base64url')));
  const passwordHash = await passwords.hash(password);
  const tenantId = randomUUID();
  const accountId = randomUUID();
  const isMade = await inTenant(db, tenantId, async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('callboard.first_administrator', 0))`;
    const [first] = await tx`select tenant_ids() limit 1`;
    if (first) return false;
    await tx`
      select create_tenant(${tenantId}, ${config.tenantName}, ${slugOf(config.tenantName)}, ${config.tenantTimeZone})`;
    await tx`select create_account(${accountId}, ${email}, 'Administrator', ${passwordHash})`;
    await tx`
      insert into memberships (tenant_id, account_id, role) values (${tenantId}, ${accountId}, 'admin')`;
    return true;
  });
  if (isMade) log.info({ tenantId }, 'tenant:created');
  const isOwn = config.adminPassword !== null;
  return { email, passwordFile: isOwn ? null : passwordFile, password: isOwn || !isMade ? null : password };
}

/** For addresses: lower-case letters, digits and hyphens. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug || 'tenant';
}
