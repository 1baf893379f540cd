import type { Logger } from 'pino';
import type { PlatformTenant } from '../../shared/contract/platform.ts';
import { type Actor, recordAudit } from '../access/audit.ts';
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
  /** Whoever makes it becomes its first administrator. */
  create(by: Actor, person: Person, wish: { name: string; timeZone: string }): Promise<PlatformTenant>;
  /** Throws `not_found` for a tenant there is not, as does `remove`. */
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
}

export function createTenants({
  db,
  log,
  sweeper,
}: {
  db: Database;
  log: Logger;
  sweeper: Pick<Sweeper, 'wake'>;
}): Tenants {
  const list = async ({ tenantId }: Person): Promise<PlatformTenant[]> => {
    const rows = await db.sql<Row[]>`
      select id, name, slug, created_at, people, last_event_at from platform_tenants()`;
    return rows.map(({ created_at, last_event_at, ...row }) => ({
      ...row,
      createdAt: created_at.toISOString(),
      lastEventAt: last_event_at?.toISOString() ?? null,
      isCurrent: row.id === tenantId,
    }));
  };
  const one = async (person: Person, id: string): Promise<PlatformTenant> => {
    const found = (await list(person)).find((tenant) => tenant.id === id);
    if (found === undefined) throw new AppError('not_found');
    return found;
  };

  return {
    list,

    async create(by, person, { name, timeZone }) {
      const id = await transaction(db.sql, async (tx) => {
        await lockPlatform(tx);
        const made = await makeTenant(tx, { name, timeZone, playsDemo: false });
        await addAdministrator(tx, made, person.accountId);
        await recordAudit(tx, made, by, {
          action: 'tenant.created',
          subject: { id: made, name },
          after: { timeZone },
        });
        return made;
      });
      log.info({ tenantId: id }, 'tenant:created');
      return one(person, id);
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
