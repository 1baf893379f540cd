import type { Logger } from 'pino';
import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { isHeldToSectors, ROLES, type Role } from '../../../shared/contract/permissions.ts';
import type { Session } from '../../../shared/contract/rest.ts';
import type { SectorSetting } from '../../../shared/contract/settingsRest.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { networkOf } from '../../http/clientAddress.ts';
import { AppError } from '../../http/errors.ts';
import { createAttemptLimit } from '../attemptLimit.ts';
import { type Actor, recordAudit, stranger } from '../audit/audit.ts';
import type { Refusals } from '../audit/refusals.ts';
import type { AccessTokens } from './accessTokens.ts';
import { type Account, accountByEmail } from './accounts.ts';
import type { Passwords } from './passwords.ts';
import type { Device, RefreshTokens, Rotation } from './refreshTokens.ts';

/** Signing in, staying signed in, signing out. */
export interface Sessions {
  signIn(request: { email: string; password: string; from: Device }): Promise<SignedIn>;
  /** For somebody who has been recognised otherwise; `unauthorized` where he is not welcome in that tenant. */
  start(who: {
    tenantId: string;
    accountId: string;
    /** As the audit tells it. */
    how: 'password' | 'invitation' | 'setup' | 'sso';
    /** What he was recognised by, where that is a password: `unauthorized` where it has been changed since. */
    proof?: Proof | null;
    from: Device;
  }): Promise<SignedIn>;
  /** The account whose password it is, as long as it is. Throws `unauthorized`, or `too_many_requests` after too many wrong ones. */
  prove(request: { email: string; password: string; from: Device }): Promise<Proof>;
  /**
   * Ends this session and begins one of the same account in another tenant: both or neither. Throws as `refresh`, and
   * `not_found` for a tenant the account does not belong to.
   */
  switchTo(refreshToken: string, to: { tenantId: string; from: Device }): Promise<SignedIn>;
  /** Throws `unauthorized`, or `conflict` where another request with the same token came first. */
  refresh(refreshToken: string, from: Device): Promise<SignedIn>;
  signOut(refreshToken: string, from: Device): Promise<void>;
}

/** An account and the hash of the password that was right for it. */
export interface Proof {
  accountId: string;
  passwordHash: string;
}

export interface SignedIn {
  session: Session;
  refreshToken: string;
}

const QUARTER_HOUR_MS = 15 * 60_000;
/** Wrong passwords for one account: a person gives up sooner, a guesser gets 40 an hour [S74]. */
const PER_ACCOUNT = 10;
/** Wrong passwords from one address: a whole office may sit behind it. */
const PER_ADDRESS = 100;

const memberRow = z.object({
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  is_platform_owner: z.boolean(),
  tenant_name: z.string(),
  time_zone: z.string(),
  week_start: z.number(),
  day_start_minutes: z.number(),
  tenants: z.array(z.object({ id: z.uuid(), name: z.string() })),
});

export function createSessions(parts: {
  db: Database;
  passwords: Passwords;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  refusals: Refusals;
  log: Logger;
}): Sessions {
  const { db, passwords, accessTokens, refreshTokens, refusals, log } = parts;
  const byAccount = createAttemptLimit({ max: PER_ACCOUNT, windowMs: QUARTER_HOUR_MS });
  const byAddress = createAttemptLimit({ max: PER_ADDRESS, windowMs: QUARTER_HOUR_MS });

  /** The session of an account in a tenant, as both are now; `unauthorized` where it is no longer welcome. */
  async function sessionOf(
    tx: TransactionSql,
    tenantId: string,
    accountId: string,
    sessionId: string,
  ): Promise<Session> {
    const [row] = await tx`
      select a.email, a.name, a.is_platform_owner, m.role, m.sectors, t.name as tenant_name, s.time_zone, s.week_start,
        s.day_start_minutes,
        (select jsonb_agg(jsonb_build_object('id', id, 'name', name)) from account_tenants(a.id)) as tenants
      from memberships m
      join accounts a on a.id = m.account_id and a.disabled_at is null
      join tenants t on t.id = m.tenant_id
      join settings s on s.tenant_id = m.tenant_id
      where m.tenant_id = ${tenantId} and m.account_id = ${accountId}`;
    if (!row) throw new AppError('unauthorized');
    const { email, name, role, sectors, tenant_name, time_zone, tenants, ...rest } = memberRow.parse(row);
    const isPlatformOwner = rest.is_platform_owner;
    const { accessToken, expiresAt } = await accessTokens.issue({
      tenantId,
      accountId,
      sessionId,
      email,
      role,
      sectors,
      isPlatformOwner,
    });
    return {
      accessToken,
      expiresAt: new Date(expiresAt).toISOString(),
      account: {
        email,
        name,
        role,
        sectors: await sectorsOf(tx, tenantId, role, sectors),
        isPlatformOwner,
      },
      tenant: {
        id: tenantId,
        name: tenant_name,
        timeZone: time_zone,
        weekStart: rest.week_start,
        dayStartMinutes: rest.day_start_minutes,
      },
      tenants,
    };
  }

  /** Sectors that have been removed have no name and nothing in them. */
  async function sectorsOf(
    tx: TransactionSql,
    tenantId: string,
    role: Role,
    named: readonly string[],
  ): Promise<SectorSetting[] | null> {
    if (!isHeldToSectors(role) || named.length === 0) return null;
    return tx<SectorSetting[]>`
      select id as "sectorId", name from sectors
      where tenant_id = ${tenantId} and id = any(${[...named]}) order by name, id`;
  }

  const start: Sessions['start'] = ({ tenantId, accountId, how, proof, from }) =>
    inTenant(db, tenantId, async (tx) => {
      if (proof) await expectUnchanged(tx, proof);
      const { token, familyId } = await refreshTokens.start(tx, tenantId, accountId, from);
      const session = await sessionOf(tx, tenantId, accountId, familyId);
      const person = { id: accountId, name: session.account.email };
      const actor: Actor = { ...stranger(from), kind: 'account', ...person };
      await recordAudit(tx, tenantId, actor, { action: 'session.started', subject: person, after: { how } });
      return { session, refreshToken: token };
    });

  const prove: Sessions['prove'] = async ({ email, password, from }) => {
    const address = networkOf(from.address);
    const account = email.trim().toLowerCase();
    const seconds = Math.max(byAccount.blockedFor(account) ?? 0, byAddress.blockedFor(address) ?? 0);
    if (seconds > 0) throw new AppError('too_many_requests', { retryAfterSeconds: seconds });
    // Counted before the slow part, so that tries at the same time do not all pass as the first.
    byAccount.count(account);
    byAddress.count(address);
    let isRightful = true;
    try {
      const found = await accountByEmail(db, account);
      isRightful = await passwords.verify(password, found?.password_hash ?? null);
      if (!isRightful || found === null || found.disabled_at !== null) {
        noteRefusal(found, account, from);
        throw new AppError('unauthorized');
      }
      return { accountId: found.account_id, passwordHash: found.password_hash };
    } finally {
      // Nor does a database that is away count against anybody.
      if (isRightful) {
        byAccount.giveBack(account);
        byAddress.giveBack(address);
      }
    }
  };

  /** Wherever the account is a member, somebody may want to know; of an address nobody has there is only the log. */
  function noteRefusal(found: Account | null, email: string, from: Device): void {
    if (found === null) {
      // Not the address itself: people type passwords into the wrong field.
      log.info({ address: from.address, requestId: from.requestId }, 'session:unknown_account');
      return;
    }
    const { account_id: accountId, disabled_at: disabledAt } = found;
    const reason = disabledAt === null ? 'password' : 'disabled';
    const entry = {
      action: 'session.refused',
      subject: { id: accountId, name: email },
      after: { reason },
    } as const;
    refusals.note(accountId, () => tenantsOf(accountId), stranger(from), entry);
  }

  async function tenantsOf(accountId: string): Promise<string[]> {
    const rows = await db.sql<
      { tenant_id: string }[]
    >`select tenant_id from account_memberships(${accountId})`;
    return rows.map((row) => row.tenant_id);
  }

  /** What a use of a refresh token came to, or why it came to nothing. */
  function outcome<T>(rotation: Rotation<T>): { token: string; value: T } {
    switch (rotation.result) {
      case 'refused':
        throw new AppError('unauthorized');
      case 'overtaken':
        throw new AppError('conflict', {
          message: 'Another request has just renewed this session: try again.',
        });
      case 'rotated':
        return rotation;
    }
  }

  return {
    start,
    prove,

    async signIn(request) {
      const proof = await prove(request);
      const { accountId } = proof;
      const [tenantId] = await tenantsOf(accountId);
      if (tenantId === undefined) throw new AppError('unauthorized');
      return start({ tenantId, accountId, how: 'password', proof, from: request.from });
    },

    async refresh(refreshToken, from) {
      const { token, value } = outcome(await refreshTokens.rotate(refreshToken, from, sessionOf));
      return { session: value, refreshToken: token };
    },

    async switchTo(refreshToken, { tenantId, from }) {
      const moved = await refreshTokens.move(
        refreshToken,
        tenantId,
        from,
        async (tx, accountId, familyId) => {
          await tx`update accounts set last_tenant_id = ${tenantId} where id = ${accountId}`;
          const session = await sessionOf(tx, tenantId, accountId, familyId);
          const { email: name } = session.account;
          const by: Actor = { ...stranger(from), kind: 'account', id: accountId, name };
          // Where it came from is no business of this tenant's.
          await recordAudit(tx, tenantId, by, {
            action: 'session.switched',
            subject: { id: accountId, name },
          });
          return session;
        },
      );
      const { token, value } = outcome(moved);
      return { session: value, refreshToken: token };
    },

    signOut: (refreshToken, from) => refreshTokens.revoke(refreshToken, from),
  };
}

/**
 * Holds the password as it was proved until the session is there. Whoever changes it waits, and ends this session with the
 * others; without that, one begun with the old password at that moment would outlive it [S13].
 */
async function expectUnchanged(tx: TransactionSql, { accountId, passwordHash }: Proof): Promise<void> {
  const [same] = await tx`
    select from accounts where id = ${accountId} and password_hash = ${passwordHash} for share`;
  if (!same) throw new AppError('unauthorized');
}
