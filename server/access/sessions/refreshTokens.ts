import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { type Actor, recordAudit, stranger } from '../audit/audit.ts';
import { newSecret, SECRET_FORMAT, sha256 } from '../secrets.ts';

/**
 * What keeps a person signed in: an opaque token of 256 bits, of which only the hash is stored, good for one use.
 *
 *   live      → used: `rotate` puts the next of the same family in its place
 *   used      → presented again: somebody has a copy, so the whole family is revoked [S11]
 *   revoked, expired, unknown: nothing
 *
 * Two requests with the same live token are no theft, but two tabs: one gets the successor, the other is told to try
 * again with it, and the chain survives [S12]. What tells them apart is what the request saw before it took the lock.
 */
export interface RefreshTokens {
  /** Begins a family, in the transaction that found the account welcome. */
  start(tx: TransactionSql, tenantId: string, accountId: string, from: Device): Promise<Started>;
  /**
   * Uses the token up and answers with its successor and what `work` made of the account, both or neither: a session
   * that could not be read must not cost the token.
   */
  rotate<T>(
    token: string,
    from: Device,
    work: (tx: TransactionSql, tenantId: string, accountId: string, familyId: string) => Promise<T>,
  ): Promise<Rotation<T>>;
  /**
   * Uses the token up, ends its family, and begins one of the same account in another tenant, in whose sight `work` is
   * done: all or nothing. Throws `not_found` where the account does not belong to that tenant.
   */
  move<T>(
    token: string,
    toTenant: string,
    from: Device,
    work: (tx: TransactionSql, accountId: string, familyId: string) => Promise<T>,
  ): Promise<Rotation<T>>;
  /** Ends the family of this token, whatever became of it: whoever holds it is signing out. */
  revoke(token: string, from: Device): Promise<void>;
}

/** Where a session is used from, as far as a request tells: for people to recognise their own. */
export interface Device {
  userAgent: string;
  address: string;
  /** Of the request, for the audit. */
  requestId: string;
}

export interface Started {
  token: string;
  familyId: string;
}

export type Rotation<T> =
  | { result: 'rotated'; token: string; value: T }
  | { result: 'overtaken' }
  | { result: 'refused' };

/** How long a browser may stay closed and still be signed in. */
export const REFRESH_TOKEN_SECONDS = 14 * 86_400;
const REFUSED = { result: 'refused' } as const;
const OVERTAKEN = { result: 'overtaken' } as const;

interface Row {
  family_id: string;
  account_id: string;
  started_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
  is_expired: boolean;
}

export function createRefreshTokens(db: Database): RefreshTokens {
  async function place(token: string): Promise<{ tenantId: string; id: string } | null> {
    if (!SECRET_FORMAT.test(token)) return null;
    const [found] = await db.sql<{ tenant_id: string; id: string }[]>`
      select tenant_id, id from refresh_token_by_hash(${sha256(token)})`;
    return found ? { tenantId: found.tenant_id, id: found.id } : null;
  }

  async function start(
    tx: TransactionSql,
    tenantId: string,
    accountId: string,
    from: Device,
  ): Promise<Started> {
    await tx`delete from refresh_tokens where tenant_id = ${tenantId} and expires_at < clock_timestamp()`;
    const familyId = randomUUID();
    const token = await insert(tx, { tenantId, accountId, familyId, startedAt: null }, from);
    return { token, familyId };
  }

  /** Uses the token up, where it still holds, and does `work` for it: both or neither. */
  async function use<T>(
    token: string,
    from: Device,
    work: (tx: TransactionSql, row: Row, tenantId: string) => Promise<{ token: string; value: T }>,
  ): Promise<Rotation<T>> {
    const at = await place(token);
    if (at === null) return REFUSED;
    const { tenantId, id } = at;
    return inTenant(db, tenantId, async (tx) => {
      const read = (lock: 'lock' | 'look') => tx<Row[]>`
        select family_id, account_id, started_at, used_at, revoked_at, expires_at < clock_timestamp() as is_expired
        from refresh_tokens where tenant_id = ${tenantId} and id = ${id} ${lock === 'lock' ? tx`for update` : tx``}`;
      const [before] = await read('look');
      const [row] = await read('lock');
      if (!before || !row || row.revoked_at !== null || row.is_expired) return REFUSED;
      if (row.used_at !== null) {
        if (before.used_at === null) return OVERTAKEN;
        await revokeFamily(tx, tenantId, row, stranger(from), 'copied');
        return REFUSED;
      }
      await tx`
        update refresh_tokens set used_at = clock_timestamp() where tenant_id = ${tenantId} and id = ${id}`;
      return { result: 'rotated' as const, ...(await work(tx, row, tenantId)) };
    });
  }

  return {
    start,

    rotate: (token, from, work) =>
      use(token, from, async (tx, row, tenantId) => {
        const { family_id: familyId, account_id: accountId, started_at: startedAt } = row;
        return {
          token: await insert(tx, { tenantId, accountId, familyId, startedAt }, from),
          value: await work(tx, tenantId, accountId, familyId),
        };
      }),

    move: (token, toTenant, from, work) =>
      use(token, from, async (tx, row, tenantId) => {
        const accountId = row.account_id;
        await revokeFamily(tx, tenantId, row, await holderOf(tx, row, from), 'switched');
        await tx`select set_config('app.tenant_id', ${toTenant}, true)`;
        const [member] = await tx`
          select from memberships where tenant_id = ${toTenant} and account_id = ${accountId}`;
        if (!member) throw new AppError('not_found');
        const next = await start(tx, toTenant, accountId, from);
        return { token: next.token, value: await work(tx, accountId, next.familyId) };
      }),

    async revoke(token, from) {
      const at = await place(token);
      if (at === null) return;
      const { tenantId, id } = at;
      await inTenant(db, tenantId, async (tx) => {
        const [row] = await tx<{ family_id: string; account_id: string }[]>`
          select family_id, account_id from refresh_tokens where tenant_id = ${tenantId} and id = ${id}`;
        if (!row) return;
        await revokeFamily(tx, tenantId, row, await holderOf(tx, row, from), 'signed_out');
      });
    },
  };
}

async function insert(
  tx: TransactionSql,
  of: { tenantId: string; accountId: string; familyId: string; startedAt: Date | null },
  { userAgent, address }: Omit<Device, 'requestId'>,
): Promise<string> {
  const token = newSecret();
  await tx`
    insert into refresh_tokens
      (tenant_id, id, family_id, account_id, hash, expires_at, started_at, user_agent, address)
    values (${of.tenantId}, ${randomUUID()}, ${of.familyId}, ${of.accountId}, ${sha256(token)},
      clock_timestamp() + ${REFRESH_TOKEN_SECONDS}::integer * interval '1 second',
      coalesce(${of.startedAt}::timestamptz, clock_timestamp()), ${userAgent}, ${address})`;
  return token;
}

async function revokeFamily(
  tx: TransactionSql,
  tenantId: string,
  family: { family_id: string; account_id: string },
  by: Actor,
  how: 'copied' | 'signed_out' | 'switched',
): Promise<void> {
  const revoked = await tx`
    update refresh_tokens set revoked_at = clock_timestamp()
    where tenant_id = ${tenantId} and family_id = ${family.family_id} and revoked_at is null`;
  if (revoked.count === 0) return;
  const subject = { id: family.account_id, name: await emailOf(tx, family.account_id) };
  await recordAudit(tx, tenantId, by, { action: 'session.ended', subject, after: { how } });
}

async function holderOf(tx: TransactionSql, row: { account_id: string }, from: Device): Promise<Actor> {
  const name = await emailOf(tx, row.account_id);
  return { ...stranger(from), kind: 'account', id: row.account_id, name };
}

/** '' for an account that is no longer a member. */
async function emailOf(tx: TransactionSql, accountId: string): Promise<string> {
  const [account] = await tx<{ email: string }[]>`select email from accounts where id = ${accountId}`;
  return account?.email ?? '';
}
