import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { INVITATION_PAGE } from '../../../shared/contract/links.ts';
import type { Invitation, InvitationRequest, MadeInvitation } from '../../../shared/contract/people.ts';
import { ROLES } from '../../../shared/contract/permissions.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { invitationLetter } from '../../mail/letters.ts';
import type { LinkPost } from '../../mail/linkPost.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import { newSecret, sha256 } from '../secrets.ts';
import { checkHeld } from './heldSectors.ts';

/**
 * Invitations into a tenant, as its administrators see them.
 *
 *   open        made or renewed; the link is good for a week, and once
 *   expired     still listed: renewed, it has another link
 *   accepted, revoked: no longer listed, forgotten after a month
 *
 * They end as well when whoever made them may no longer let people in (a trigger on memberships).
 */
export interface Invitations {
  /** The open and the expired ones, the oldest first. */
  list(tenantId: string): Promise<Invitation[]>;
  /** `conflict` for an address that belongs here or is invited already. The link is in this answer and nowhere else. */
  create(by: Actor, invite: InvitationRequest & Maker): Promise<MadeInvitation>;
  /**
   * The two halves of `create`, for whoever does more in the transaction that invites: `deliver` once that is committed, as a
   * letter cannot be taken back. No maker: a platform owner, who is no member.
   */
  prepare(
    tx: TransactionSql,
    by: Actor,
    invite: InvitationRequest & { tenantId: string; createdBy: string | null },
  ): Promise<Prepared>;
  deliver(by: Actor, prepared: Prepared): Promise<MadeInvitation>;
  /** Another link for another week; the first is no longer good. Null where the tenant has no such invitation. */
  renew(by: Actor, of: Maker & { id: string }): Promise<MadeInvitation | null>;
  /** False where the tenant has no such invitation. */
  revoke(by: Actor, tenantId: string, id: string): Promise<boolean>;
}

interface Maker {
  tenantId: string;
  createdBy: string;
}

/** An invitation, and the only copy of what its link ends with. */
export interface Prepared {
  token: string;
  invitation: Invitation;
  /** The tenant's name. */
  tenant: string;
}

const DAYS = 7;
/** A tenant with more open ones invites nobody in particular. */
const OPEN_LIMIT = 200;

const invitationRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  created_at: z.date(),
  expires_at: z.date(),
  is_expired: z.boolean(),
});

export function createInvitations(db: Pick<Database, 'sql'>, post: LinkPost): Invitations {
  const deliver: Invitations['deliver'] = async (by, { token, tenant, invitation }) => {
    const { email, name, role } = invitation;
    const letter = (url: string) => invitationLetter({ tenant, by: by.name, name, role, url, days: DAYS });
    return { ...invitation, ...(await post.send({ page: INVITATION_PAGE, token, to: email, letter })) };
  };

  const prepare: Invitations['prepare'] = async (
    tx,
    by,
    { tenantId, createdBy, email, name, role, sectors },
  ) => {
    const token = newSecret();
    await tx`
      delete from invitations
      where tenant_id = ${tenantId} and coalesce(accepted_at, revoked_at) < clock_timestamp() - interval '30 days'`;
    const [member] = await tx`
      select from memberships m join accounts a on a.id = m.account_id
      where m.tenant_id = ${tenantId} and lower(a.email) = lower(${email})`;
    if (member) throw taken('belongs to this call centre already');
    const held = await checkHeld(tx, tenantId, role, sectors);
    const [open] = await tx<{ count: number }[]>`
      select count(*)::integer as count from invitations where tenant_id = ${tenantId} and ${isOpen(tx)}`;
    if ((open?.count ?? 0) >= OPEN_LIMIT) {
      const message = `There are ${OPEN_LIMIT} open invitations already: revoke some first.`;
      throw new AppError('conflict', { message });
    }
    const [row] = await tx`
      insert into invitations (tenant_id, id, email, name, role, sectors, hash, created_by, expires_at)
      values (${tenantId}, ${randomUUID()}, ${email}, ${name}, ${role}, ${held}, ${sha256(token)}, ${createdBy},
        ${expiry(tx)})
      on conflict (tenant_id, lower(email)) where accepted_at is null and revoked_at is null do nothing
      returning ${columns(tx)}`;
    if (!row) throw taken('is invited already: make another link for that invitation instead');
    const invitation = toInvitation(row);
    const subject = { id: invitation.id, name: email };
    const after = { name, role, sectors: held };
    await recordAudit(tx, tenantId, by, { action: 'person.invited', subject, after });
    return { token, invitation, tenant: await nameOf(tx, tenantId) };
  };

  return {
    prepare,
    deliver,

    async list(tenantId) {
      const rows = await inTenant(
        db,
        tenantId,
        (tx) => tx`
          select ${columns(tx)} from invitations where tenant_id = ${tenantId} and ${isOpen(tx)}
          order by created_at, id`,
      );
      return rows.map(toInvitation);
    },

    create: async (by, invite) =>
      deliver(by, await inTenant(db, invite.tenantId, (tx) => prepare(tx, by, invite))),

    async renew(by, { tenantId, id, createdBy }) {
      const token = newSecret();
      const made = await inTenant(db, tenantId, async (tx) => {
        const [row] = await tx`
          update invitations set hash = ${sha256(token)}, expires_at = ${expiry(tx)}, created_by = ${createdBy}
          where tenant_id = ${tenantId} and id = ${id} and ${isOpen(tx)} returning ${columns(tx)}`;
        if (!row) return null;
        const invitation = toInvitation(row);
        const subject = { id, name: invitation.email };
        await recordAudit(tx, tenantId, by, { action: 'invitation.renewed', subject });
        return { token, invitation, tenant: await nameOf(tx, tenantId) };
      });
      return made && deliver(by, made);
    },

    revoke: (by, tenantId, id) =>
      inTenant(db, tenantId, async (tx) => {
        const [row] = await tx<{ email: string }[]>`
          update invitations set revoked_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${id} and ${isOpen(tx)} returning email`;
        if (!row) return false;
        const subject = { id, name: row.email };
        await recordAudit(tx, tenantId, by, { action: 'invitation.revoked', subject });
        return true;
      }),
  };
}

async function nameOf(tx: TransactionSql, tenantId: string): Promise<string> {
  const [tenant] = await tx<{ name: string }[]>`select name from tenants where id = ${tenantId}`;
  return tenant?.name ?? '';
}

const columns = (tx: TransactionSql) => tx`
  id, email, name, role, sectors, created_at, expires_at, expires_at <= clock_timestamp() as is_expired`;
const isOpen = (tx: TransactionSql) => tx`accepted_at is null and revoked_at is null`;
const expiry = (tx: TransactionSql) => tx`clock_timestamp() + ${DAYS}::integer * interval '1 day'`;

function toInvitation(row: unknown): Invitation {
  const { created_at, expires_at, is_expired, ...rest } = invitationRow.parse(row);
  return {
    ...rest,
    createdAt: created_at.toISOString(),
    expiresAt: expires_at.toISOString(),
    isExpired: is_expired,
  };
}

function taken(message: string): AppError {
  return new AppError('conflict', { issues: [{ path: 'email', message }] });
}
