import { randomUUID } from 'node:crypto';
import postgres, { type TransactionSql } from 'postgres';
import type { Role } from '../../../shared/contract/permissions.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import { checkHeld } from '../people/heldSectors.ts';
import { type Claims, SsoRefused, type Vouched, vouchedBy } from './claims.ts';
import type { SsoConfig } from './ssoConfig.ts';

/** Where somebody comes in. */
export interface Place {
  tenantId: string;
  accountId: string;
}

/** No password hashes to this: nobody signs in with one until he has set it. */
const NO_PASSWORD = '!';
const UNIQUE_VIOLATION = '23505';

interface Found {
  account_id: string;
  disabled_at: Date | null;
}

/**
 * The account of whoever the claims speak of, made where there is none and the provider decides who may come; its
 * membership as the claims say it. Throws `SsoRefused`.
 *
 * An account is recognised by issuer and subject; the first time by its verified e-mail address. The address alone proves
 * nothing of whoever made the account: see `endPassword`.
 */
export async function admit(db: Database, config: SsoConfig, claims: Claims, from: Actor): Promise<Place> {
  const tenantId = await tenantOf(db, config);
  const sectors = await inTenant(
    db,
    tenantId,
    (tx) => tx<{ id: string; name: string }[]>`select id, name from sectors where tenant_id = ${tenantId}`,
  );
  const vouched = vouchedBy(claims, config, sectors);
  try {
    return await enter(db, tenantId, vouched, from);
  } catch (error) {
    // Twice at the same time for the first time: the other has made it.
    if (!(error instanceof postgres.PostgresError) || error.code !== UNIQUE_VIOLATION) throw error;
    return enter(db, tenantId, vouched, from);
  }
}

async function tenantOf(db: Database, { tenant }: SsoConfig): Promise<string> {
  const found =
    tenant === null
      ? await db.sql<{ id: string }[]>`select tenant_ids as id from tenant_ids() limit 2`
      : await db.sql<{ id: string }[]>`select tenant_id as id from tenant_by_slug(${tenant})`;
  const [only, ...others] = found;
  if (only && others.length === 0) return only.id;
  throw new Error(
    tenant === null
      ? 'OIDC_TENANT must name the call centre: there are several'
      : `OIDC_TENANT is "${tenant}": there is no such call centre`,
  );
}

async function enter(db: Database, tenantId: string, vouched: Vouched, from: Actor): Promise<Place> {
  const { issuer, subject, email, name, rights } = vouched;
  return inTenant(db, tenantId, async (tx) => {
    const account =
      (await one(
        tx<Found[]>`select account_id, disabled_at from account_by_identity(${issuer}, ${subject})`,
      )) ?? (await one(tx<Found[]>`select account_id, disabled_at from account_by_email(${email})`));
    // A disabled one is told what a stranger is told.
    if (account?.disabled_at || (!account && rights === null)) throw new SsoRefused('notInvited');
    const accountId = account?.account_id ?? randomUUID();
    if (!account) await tx`select create_account(${accountId}, ${email}, ${name}, ${NO_PASSWORD})`;
    const link = await one(
      tx<{ is_linked: boolean }[]>`select link_identity(${accountId}, ${issuer}, ${subject}) as is_linked`,
    );
    if (!link?.is_linked) throw new SsoRefused('addressTaken');
    if (rights === null) return { tenantId: await membershipOf(tx, tenantId, accountId), accountId };
    await grant(tx, tenantId, { accountId, email, ...rights }, from);
    return { tenantId, accountId };
  });
}

/** The tenant asked for where he belongs to it, else the first he does. */
async function membershipOf(tx: TransactionSql, tenantId: string, accountId: string): Promise<string> {
  const own = await tx<{ tenant_id: string }[]>`select tenant_id from account_memberships(${accountId})`;
  const ids = own.map((row) => row.tenant_id);
  const [first] = ids;
  if (first === undefined) throw new SsoRefused('notInvited');
  return ids.includes(tenantId) ? tenantId : first;
}

interface Member {
  role: Role;
  sectors: string[];
}

/** What the provider says holds from now on; the last administrator stays one, or nobody could mend the mapping. */
async function grant(
  tx: TransactionSql,
  tenantId: string,
  { accountId, email, role, sectors }: Member & { accountId: string; email: string },
  from: Actor,
): Promise<void> {
  const actor: Actor = { ...from, kind: 'system', id: null, name: 'Single sign-on' };
  const subject = { id: accountId, name: email };
  await checkHeld(tx, tenantId, role, sectors);
  // As people.ts locks them, and as it counts who could still manage people.
  const admins = await tx<{ account_id: string }[]>`
    select m.account_id from memberships m join accounts a on a.id = m.account_id and a.disabled_at is null
    where m.tenant_id = ${tenantId} and m.role = 'admin' order by m.account_id for update of m`;
  const before = await one(tx<Member[]>`
    select role, sectors from memberships where tenant_id = ${tenantId} and account_id = ${accountId} for update`);
  if (!before) {
    await tx`
      insert into memberships (tenant_id, account_id, role, sectors)
      values (${tenantId}, ${accountId}, ${role}, ${sectors})`;
    await recordAudit(tx, tenantId, actor, { action: 'person.joined', subject, after: { role, sectors } });
    return endPassword(tx, subject, actor);
  }
  const isSame = before.role === role && before.sectors.join('\n') === sectors.join('\n');
  const isLast = before.role === 'admin' && admins.length === 1 && role !== 'admin';
  if (isSame || isLast) return;
  await tx`
    update memberships set role = ${role}, sectors = ${sectors}
    where tenant_id = ${tenantId} and account_id = ${accountId}`;
  await recordAudit(tx, tenantId, actor, {
    action: 'person.changed',
    subject,
    before: { role: before.role, sectors: before.sectors },
    after: { role, sectors },
  });
}

/**
 * An account that was there before it is let into this call centre may have been made by somebody else: an invitation's
 * link is shown to whoever makes it, and he may have chosen its password. It opened another call centre; it must not open
 * this one. Who runs the installation was let in by nobody.
 */
async function endPassword(
  tx: TransactionSql,
  subject: { id: string; name: string },
  actor: Actor,
): Promise<void> {
  const ended = await tx`
    update accounts set password_hash = ${NO_PASSWORD}, password_changed_at = clock_timestamp()
    where id = ${subject.id} and password_hash <> ${NO_PASSWORD} and not is_platform_owner`;
  if (ended.count === 0) return;
  await tx`select end_sessions(${subject.id}, null)`;
  for (const { tenant_id: tenantId } of await tx<{ tenant_id: string }[]>`
    select tenant_id from account_memberships(${subject.id})`) {
    await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
    await recordAudit(tx, tenantId, actor, { action: 'password.reset', subject });
  }
}

async function one<T>(rows: PromiseLike<readonly T[]>): Promise<T | null> {
  return (await rows)[0] ?? null;
}
