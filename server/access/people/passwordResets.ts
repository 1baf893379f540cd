import type { Logger } from 'pino';
import { RESET_PAGE } from '../../../shared/contract/links.ts';
import type { LookedAtReset, MadeLink } from '../../../shared/contract/people.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../http/errors.ts';
import { resetLetter } from '../../mail/letters.ts';
import type { LinkPost } from '../../mail/linkPost.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import { newSecret, sha256 } from '../secrets.ts';
import { accountByEmail } from '../sessions/accounts.ts';
import type { Passwords } from '../sessions/passwords.ts';
import { hashOfLink, linkEnded } from './links.ts';

/**
 * Links by which an account gets a new password, once, within an hour. A password is the account's in every tenant: so
 * an administrator is shown a link only where his is the account's one tenant, and it dies when a second is added. In
 * all other cases the link goes to the account's own address or nowhere.
 */
export interface PasswordResets {
  /** Mails a link where there is such an account. Takes as long as it takes: nobody may wait for it, or time tells. */
  mailTo(email: string): Promise<void>;
  /** Null where the tenant has no such person; `conflict` where a link could only be mailed and no mail is sent. */
  makeFor(by: Actor, tenantId: string, personId: string): Promise<MadeLink | null>;
  /** `not_found`, the same for a link that is unknown, used or expired. */
  look(token: string): Promise<LookedAtReset>;
  /** Ends every session of the account, and its other links. `not_found` as for `look`. */
  use(request: {
    token: string;
    password: string;
    from: Pick<Actor, 'address' | 'requestId'>;
  }): Promise<void>;
}

const LIFE_SECONDS = 3_600;

export function createPasswordResets(parts: {
  db: Database;
  passwords: Passwords;
  post: LinkPost;
  log: Logger;
}): PasswordResets {
  const { db, passwords, post, log } = parts;

  const send = (email: string, token: string): Promise<MadeLink> => {
    const letter = (url: string) => resetLetter({ email, url });
    return post.send({ page: RESET_PAGE, token, to: email, letter });
  };

  async function find(token: string): Promise<{ account_id: string; email: string }> {
    const [found] = await db.sql<{ account_id: string; email: string }[]>`
      select account_id, email from password_reset_by_hash(${hashOfLink(token)})`;
    if (!found) throw linkEnded();
    return found;
  }

  return {
    async mailTo(email) {
      try {
        const account = await accountByEmail(db, email);
        if (account === null) return;
        const token = newSecret();
        const [started] = await db.sql<{ tenants: number }[]>`
          select start_password_reset(${account.account_id}, null, ${sha256(token)}, ${LIFE_SECONDS}) as tenants`;
        if (!started || started.tenants === 0) return;
        // To the account's own spelling: what was typed may only look like it, at another domain.
        const { email: own } = await find(token);
        await send(own, token);
      } catch (error) {
        log.warn({ err: error }, 'password_reset:not_mailed');
      }
    },

    async makeFor(by, tenantId, personId) {
      const token = newSecret();
      const made = await inTenant(db, tenantId, async (tx) => {
        const [person] = await tx<{ email: string }[]>`
          select a.email from memberships m join accounts a on a.id = m.account_id
          where m.tenant_id = ${tenantId} and m.account_id = ${personId}`;
        if (!person) return null;
        const [started] = await tx<{ tenants: number }[]>`
          select start_password_reset(${personId}, ${by.id}, ${sha256(token)}, ${LIFE_SECONDS}) as tenants`;
        const tenants = started?.tenants ?? 0;
        if (tenants === 0) throw new AppError('conflict', { message: 'This account is disabled.' });
        const isShown = tenants === 1;
        if (!isShown && !post.sendsMail) {
          throw new AppError('conflict', {
            message:
              'A link for this account may only be mailed to its own address, and this server sends no mail. Whoever runs it can set SMTP_URL.',
          });
        }
        const subject = { id: personId, name: person.email };
        const after = { isShown };
        await recordAudit(tx, tenantId, by, { action: 'password.reset_link_made', subject, after });
        return { email: person.email, isShown };
      });
      if (made === null) return null;
      const sent = await send(made.email, token);
      return made.isShown ? sent : { ...sent, token: null, link: null };
    },

    async look(token) {
      const { email } = await find(token);
      return { email };
    },

    async use({ token, password, from }) {
      const { email } = await find(token);
      const passwordHash = await passwords.hash(password);
      await transaction(db.sql, async (tx) => {
        const [used] = await tx<{ account: string | null }[]>`
          select use_password_reset(${hashOfLink(token)}, ${passwordHash}) as account`;
        const accountId = used?.account ?? null;
        if (accountId === null) throw linkEnded();
        const actor = { kind: 'account', id: accountId, name: email, ...from } as const;
        const subject = { id: accountId, name: email };
        const tenants = await tx<
          { tenant_id: string }[]
        >`select tenant_id from account_memberships(${accountId})`;
        for (const { tenant_id: tenantId } of tenants) {
          await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
          await recordAudit(tx, tenantId, actor, { action: 'password.reset', subject });
        }
      });
    },
  };
}
