import type { z } from 'zod';
import type { ownSession } from '../../../shared/contract/rest.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import type { Person } from '../principal.ts';
import type { Passwords } from './passwords.ts';

/** What everybody may do about his own account: see where he is signed in, end that, choose another password. */
export interface OwnSessions {
  /** The last used first. */
  list(person: Person): Promise<z.infer<typeof ownSession>[]>;
  /** False where he has no such session. */
  end(by: Actor, person: Person, sessionId: string): Promise<boolean>;
  /** Everywhere, here included. */
  endAll(by: Actor, person: Person): Promise<void>;
  /** Ends all other sessions as well. `forbidden` where the current password is not right. */
  changePassword(
    by: Actor,
    person: Person,
    change: { currentPassword: string; newPassword: string },
  ): Promise<void>;
}

interface Row {
  id: string;
  started_at: Date;
  last_used_at: Date;
  expires_at: Date;
  user_agent: string;
  address: string;
}

export function createOwnSessions({ db, passwords }: { db: Database; passwords: Passwords }): OwnSessions {
  return {
    async list({ tenantId, accountId, sessionId }) {
      const rows = await inTenant(
        db,
        tenantId,
        (tx) => tx<Row[]>`
          select family_id as id, started_at, created_at as last_used_at, expires_at, user_agent, address
          from refresh_tokens
          where tenant_id = ${tenantId} and account_id = ${accountId} and used_at is null and revoked_at is null
            and expires_at > clock_timestamp()
          order by created_at desc, id limit 200`,
      );
      return rows.map((row) => ({
        id: row.id,
        startedAt: row.started_at.toISOString(),
        lastUsedAt: row.last_used_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        userAgent: row.user_agent,
        address: row.address,
        isCurrent: row.id === sessionId,
      }));
    },

    async end(by, { tenantId, accountId, email }, sessionId) {
      return inTenant(db, tenantId, async (tx) => {
        const ended = await tx`
          update refresh_tokens set revoked_at = clock_timestamp()
          where tenant_id = ${tenantId} and account_id = ${accountId} and family_id = ${sessionId}
            and revoked_at is null`;
        if (ended.count === 0) return false;
        const subject = { id: accountId, name: email };
        await recordAudit(tx, tenantId, by, { action: 'session.ended', subject, after: { how: 'one' } });
        return true;
      });
    },

    async endAll(by, { tenantId, accountId, email }) {
      await inTenant(db, tenantId, async (tx) => {
        await tx`select end_sessions(${accountId}, null)`;
        const subject = { id: accountId, name: email };
        await recordAudit(tx, tenantId, by, {
          action: 'session.ended',
          subject,
          after: { how: 'everywhere' },
        });
      });
    },

    async changePassword(by, { tenantId, accountId, sessionId, email }, { currentPassword, newPassword }) {
      const [account] = await inTenant(
        db,
        tenantId,
        (tx) => tx<{ password_hash: string }[]>`
          select password_hash from accounts where id = ${accountId}`,
      );
      const current = account?.password_hash ?? null;
      if (!(await passwords.verify(currentPassword, current))) throw wrongPassword();
      const hash = await passwords.hash(newPassword);
      await inTenant(db, tenantId, async (tx) => {
        // Another may have been chosen meanwhile, by a link for instance: who knows the old one does not undo that.
        const changed = await tx`
          update accounts set password_hash = ${hash}, password_changed_at = clock_timestamp()
          where id = ${accountId} and password_hash = ${current}`;
        if (changed.count === 0) throw wrongPassword();
        await tx`select end_sessions(${accountId}, ${sessionId})`;
        const subject = { id: accountId, name: email };
        await recordAudit(tx, tenantId, by, { action: 'password.changed', subject });
      });
    },
  };
}

function wrongPassword(): AppError {
  return new AppError('forbidden', {
    issues: [{ path: 'currentPassword', message: 'is not the password of this account' }],
  });
}
