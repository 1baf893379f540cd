import { randomUUID } from 'node:crypto';
import postgres, { type TransactionSql } from 'postgres';
import { z } from 'zod';
import type { LookedAtInvitation } from '../../../shared/contract/people.ts';
import { ROLES } from '../../../shared/contract/permissions.ts';
import { newPassword } from '../../../shared/contract/rest.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { recordAudit } from '../audit/audit.ts';
import { accountByEmail } from '../sessions/accounts.ts';
import type { Passwords } from '../sessions/passwords.ts';
import type { Device } from '../sessions/refreshTokens.ts';
import type { Sessions, SignedIn } from '../sessions/sessions.ts';
import { hashOfLink, linkEnded } from './links.ts';

/**
 * What the link of an invitation opens. Alone it makes a new account; an account that is there already has to be proved
 * with its password, so that a link shown to an administrator never opens somebody else's account.
 */
export interface Acceptance {
  /** `not_found`, the same for a link that is unknown, used, revoked or expired. */
  look(token: string): Promise<LookedAtInvitation>;
  /**
   * Adds the membership and signs in. `unauthorized` where an account's password is not right, `bad_request` where a new
   * one lacks its name or password; of several at once one wins, the others are told `not_found`.
   */
  accept(request: {
    token: string;
    name?: string | undefined;
    password: string;
    from: Device;
    requestId: string;
  }): Promise<SignedIn>;
}

const UNIQUE_VIOLATION = '23505';

const openRow = z.object({
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  tenant: z.string(),
});
type Open = z.infer<typeof openRow> & { tenantId: string; id: string };

export function createAcceptance(parts: {
  db: Database;
  passwords: Passwords;
  sessions: Sessions;
}): Acceptance {
  const { db, passwords, sessions } = parts;

  async function find(token: string): Promise<Open> {
    const [place] = await db.sql<{ tenant_id: string; id: string }[]>`
      select tenant_id, id from invitation_by_hash(${hashOfLink(token)})`;
    if (!place) throw linkEnded();
    const { tenant_id: tenantId, id } = place;
    const [row] = await inTenant(
      db,
      tenantId,
      (tx) => tx`
        select i.email, i.name, i.role, i.sectors, t.name as tenant
        from invitations i join tenants t on t.id = i.tenant_id
        where i.tenant_id = ${tenantId} and i.id = ${id}`,
    );
    return { ...openRow.parse(row), tenantId, id };
  }

  return {
    async look(token) {
      const { email, name, role, tenant } = await find(token);
      return { email, name, role, tenant, hasAccount: (await accountByEmail(db, email)) !== null };
    },

    async accept({ token, name, password, from, requestId }) {
      const { tenantId, id, email, role, sectors } = await find(token);
      const isKnown = (await accountByEmail(db, email)) !== null;
      const proof = isKnown ? await sessions.prove({ email, password, from }) : null;
      const accountId = proof?.accountId ?? randomUUID();
      const account = isKnown ? null : await newAccount(name, password);
      await inTenant(db, tenantId, async (tx) => {
        const won = await tx`
          update invitations set accepted_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${id} and hash = ${hashOfLink(token)}
            and accepted_at is null and revoked_at is null and expires_at > clock_timestamp()`;
        if (won.count === 0) throw linkEnded();
        if (account) await createAccount(tx, { accountId, email, ...account });
        const joined = await tx`
          insert into memberships (tenant_id, account_id, role, sectors)
          values (${tenantId}, ${accountId}, ${role}, ${sectors}) on conflict do nothing`;
        if (joined.count === 0) {
          throw new AppError('conflict', { message: 'You belong to this call centre already: sign in.' });
        }
        const actor = {
          kind: 'account',
          id: accountId,
          name: email,
          address: from.address,
          requestId,
        } as const;
        const subject = { id: accountId, name: email };
        await recordAudit(tx, tenantId, actor, {
          action: 'person.joined',
          subject,
          after: { role, sectors },
        });
      });
      return sessions.start({ tenantId, accountId, how: 'invitation', proof, from });
    },
  };

  async function newAccount(name: string | undefined, password: string) {
    if (name === undefined) {
      throw new AppError('bad_request', { issues: [{ path: 'name', message: 'must not be empty' }] });
    }
    const { error } = newPassword.safeParse(password);
    if (error) {
      const issues = error.issues.map(({ message }) => ({ path: 'password', message }));
      throw new AppError('bad_request', { issues });
    }
    return { name, passwordHash: await passwords.hash(password) };
  }
}

async function createAccount(
  tx: TransactionSql,
  account: { accountId: string; email: string; name: string; passwordHash: string },
): Promise<void> {
  const { accountId, email, name, passwordHash } = account;
  try {
    await tx`select create_account(${accountId}, ${email}, ${name}, ${passwordHash})`;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== UNIQUE_VIOLATION) throw error;
    // Made between our question and now, by another invitation for instance: this one is still good for it.
    const message = 'There is an account for this address now: open the link again.';
    throw new AppError('conflict', { message, cause: error });
  }
}
