import type { Logger } from 'pino';
import type { TransactionSql } from 'postgres';
import type { MadeInvitation } from '../../shared/contract/people.ts';
import type {
  FirstAdministrator,
  MadeTenant,
  NewTenantRequest,
  PlatformTenant,
} from '../../shared/contract/platform.ts';
import { type Actor, recordAudit } from '../access/audit/audit.ts';
import type { Invitations } from '../access/people/invitations.ts';
import type { Person } from '../access/principal.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { transaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { addAdministrator, lockPlatform, makeTenant } from './newTenant.ts';
import type { Sweeper } from './sweeper.ts';

/**
 * The call centres of an installation, for whoever runs it. Of what happens in one nothing is told here but that it is
 * alive: to see its figures takes a membership, like anybody's.
 */
export interface Tenants {
  /** By name. */
  list(person: Person): Promise<PlatformTenant[]>;
  /** Whoever makes it becomes its first administrator; where the wish names one, that one is invited and nobody is in it. */
  create(by: Actor, person: Person, wish: NewTenantRequest): Promise<MadeTenant>;
  /**
   * Invites whoever is to be the first administrator, in place of whom was invited before. `conflict` where there is an
   * administrator: who comes in is decided by those, or an owner could let himself in anywhere.
   */
  invite(by: Actor, id: string, wish: FirstAdministrator): Promise<MadeInvitation>;
  /** Throws `not_found` for a tenant there is not, as do `invite` and `remove`. */
  rename(by: Actor, person: Person, id: string, name: string): Promise<PlatformTenant>;
  /**
   * Deletes it and all it has, at once but for its log, which follows. `bad_request` where `name` is not its name,
   * `conflict` for the tenant the person is signed in to: who deletes must be left with another.
   */
  remove(by: Actor, person: Person, id: string, name: string): Promise<void>;
}

interface Row {
  id: string;
  name: string;
  slug: string;
  created_at: Date;
  people: number;
  last_event_at: Date | null;
  has_administrator: boolean;
  invited_name: string | null;
  invited_email: string | null;
  invited_until: Date | null;
  is_expired: boolean | null;
}

export function createTenants(parts: {
  db: Database;
  log: Logger;
  sweeper: Pick<Sweeper, 'wake'>;
  access: { invitations: Pick<Invitations, 'prepare' | 'deliver'> };
}): Tenants {
  const { db, log, sweeper } = parts;
  const { invitations } = parts.access;
  const list = async ({ tenantId }: Person): Promise<PlatformTenant[]> => {
    const rows = await db.sql<Row[]>`
      select *, invited_until <= clock_timestamp() as is_expired from platform_tenants()`;
    return rows.map((row) => toTenant(row, tenantId));
  };
  const one = async (person: Person, id: string): Promise<PlatformTenant> => {
    const found = (await list(person)).find((tenant) => tenant.id === id);
    if (found === undefined) throw new AppError('not_found');
    return found;
  };

  const inviteAdministrator = (tx: TransactionSql, by: Actor, tenantId: string, wish: FirstAdministrator) =>
    // An owner is no member, so the invitation is nobody's in the tenant, and ends with nobody's rights there.
    invitations.prepare(tx, by, { ...wish, tenantId, createdBy: null, role: 'admin', sectors: [] });

  return {
    list,

    async create(by, person, { name, timeZone, administrator }) {
      const { id, prepared } = await transaction(db.sql, async (tx) => {
        await lockPlatform(tx);
        const made = await makeTenant(tx, { name, timeZone, playsDemo: false });
        await recordAudit(tx, made, by, {
          action: 'tenant.created',
          subject: { id: made, name },
          after: { timeZone },
        });
        if (administrator === undefined) {
          await addAdministrator(tx, made, person.accountId);
          return { id: made, prepared: null };
        }
        return { id: made, prepared: await inviteAdministrator(tx, by, made, administrator) };
      });
      log.info({ tenantId: id }, 'tenant:created');
      const invitation = prepared && (await invitations.deliver(by, prepared));
      return { ...(await one(person, id)), invitation };
    },

    async invite(by, id, wish) {
      const prepared = await inTenant(db, id, async (tx) => {
        // Two owners at once: the second takes back what the first has made.
        await lockPlatform(tx);
        const [tenant] = await tx`select from tenants where id = ${id}`;
        if (!tenant) throw new AppError('not_found');
        // Before it is asked whether there is an administrator: whoever is just accepting has come in then, or cannot.
        const former = await tx<{ id: string; email: string }[]>`
          update invitations set revoked_at = clock_timestamp()
          where tenant_id = ${id} and role = 'admin' and accepted_at is null and revoked_at is null
          returning id, email`;
        const [administrator] = await tx`
          select from memberships where tenant_id = ${id} and role = 'admin' limit 1`;
        if (administrator) {
          throw new AppError('conflict', {
            message: 'This call centre has an administrator, who decides who comes in.',
          });
        }
        for (const { id: subjectId, email } of former) {
          const subject = { id: subjectId, name: email };
          await recordAudit(tx, id, by, { action: 'invitation.revoked', subject });
        }
        return inviteAdministrator(tx, by, id, wish);
      });
      return invitations.deliver(by, prepared);
    },

    async rename(by, person, id, name) {
      await inTenant(db, id, async (tx) => {
        const [before] = await tx<{ name: string }[]>`select name from tenants where id = ${id}`;
        if (!before) throw new AppError('not_found');
        if (before.name === name) return;
        await tx`update tenants set name = ${name} where id = ${id}`;
        const subject = { id, name: before.name };
        await recordAudit(tx, id, by, { action: 'tenant.renamed', subject, before, after: { name } });
      });
      return one(person, id);
    },

    async remove(by, person, id, name) {
      await inTenant(db, id, async (tx) => {
        const [tenant] = await tx<{ name: string }[]>`select name from tenants where id = ${id}`;
        if (!tenant) throw new AppError('not_found');
        if (id === person.tenantId) {
          throw new AppError('conflict', {
            message: 'You are signed in to this call centre: switch to another first.',
          });
        }
        if (tenant.name !== name) {
          const issues = [{ path: 'name', message: `must be the name of the call centre: ${tenant.name}` }];
          throw new AppError('bad_request', { issues });
        }
        await tx`select delete_tenant(${id}, ${by.name})`;
      });
      // With its audit gone, this and a row of tenant_deletions are what is left of it.
      log.warn({ tenantId: id, name, by: by.name, address: by.address }, 'tenant:deleted');
      sweeper.wake();
    },
  };
}

function toTenant(row: Row, currentId: string): PlatformTenant {
  const { id, name, slug, people, invited_name, invited_email, invited_until } = row;
  return {
    id,
    name,
    slug,
    people,
    createdAt: row.created_at.toISOString(),
    lastEventAt: row.last_event_at?.toISOString() ?? null,
    isCurrent: id === currentId,
    hasAdministrator: row.has_administrator,
    invited:
      invited_name === null || invited_email === null || invited_until === null
        ? null
        : {
            name: invited_name,
            email: invited_email,
            expiresAt: invited_until.toISOString(),
            isExpired: row.is_expired === true,
          },
  };
}
