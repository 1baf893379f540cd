import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { isPrintable } from '../../../shared/contract/ids.ts';
import type { PersonChange, PersonOfTenant } from '../../../shared/contract/people.ts';
import { isHeldToSectors, ROLES } from '../../../shared/contract/permissions.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import { checkHeld } from './heldSectors.ts';

/**
 * Who belongs to a tenant, and as what. Changes reach open sockets and tokens given out before through the trigger on
 * memberships [S13]. Whether somebody belongs to other tenants as well is nobody's business here, and never told.
 */
export interface People {
  /** By name, a page at a time. `bad_request` for a cursor that is not ours. */
  list(
    by: Actor,
    tenantId: string,
    cursor?: string,
  ): Promise<{ data: PersonOfTenant[]; nextCursor: string | null }>;
  /** Null where the tenant has no such person; `conflict` where it would be left without an administrator. */
  change(by: Actor, tenantId: string, id: string, change: PersonChange): Promise<PersonOfTenant | null>;
  /** Ends his sessions here as well. False and `conflict` as for `change`. */
  remove(by: Actor, tenantId: string, id: string): Promise<boolean>;
}

const PAGE = 200;

const cursorText = z.tuple([z.string().refine(isPrintable), z.uuid()]);
const personRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  since: z.date(),
  last_seen_at: z.date().nullable(),
  sort: z.string(),
});
const memberRow = personRow.pick({ id: true, email: true, name: true, role: true, sectors: true }).extend({
  disabled_at: z.date().nullable(),
});
type Member = z.infer<typeof memberRow>;

export function createPeople(db: Pick<Database, 'sql'>): People {
  async function read(tx: TransactionSql, tenantId: string, which: ReturnType<typeof tx>) {
    const rows = await tx`
      select a.id, a.email, a.name, m.role, m.sectors, m.created_at as since, lower(a.name) as sort,
        (select max(r.created_at) from refresh_tokens r
          where r.tenant_id = m.tenant_id and r.account_id = m.account_id) as last_seen_at
      from memberships m join accounts a on a.id = m.account_id
      where m.tenant_id = ${tenantId} and ${which}
      order by lower(a.name), a.id limit ${PAGE + 1}`;
    return z.array(personRow).parse(rows);
  }

  return {
    async list(by, tenantId, cursor) {
      const from = cursor === undefined ? null : parseCursor(cursor);
      const rows = await inTenant(db, tenantId, (tx) =>
        read(tx, tenantId, from ? tx`(lower(a.name), a.id) > (${from[0]}, ${from[1]}::uuid)` : tx`true`),
      );
      const shown = rows.slice(0, PAGE);
      const last = shown.at(-1);
      const hasMore = rows.length > PAGE && last !== undefined;
      return {
        data: shown.map((row) => toPerson(row, by)),
        nextCursor: hasMore ? cursorAfter(last) : null,
      };
    },

    change: (by, tenantId, id, change) =>
      inTenant(db, tenantId, async (tx) => {
        const { member, othersMayManage } = await lock(tx, tenantId, id);
        if (member === null) return null;
        const role = change.role ?? member.role;
        if (role !== 'admin' && !othersMayManage) throw lastAdministrator();
        const kept = isHeldToSectors(role) ? member.sectors : [];
        const sectors = await checkHeld(tx, tenantId, role, change.sectors ?? kept);
        const before = { role: member.role, sectors: member.sectors };
        const after = { role, sectors };
        if (JSON.stringify(before) !== JSON.stringify(after)) {
          await tx`
            update memberships set role = ${role}, sectors = ${sectors}
            where tenant_id = ${tenantId} and account_id = ${id}`;
          const subject = { id, name: member.email };
          await recordAudit(tx, tenantId, by, { action: 'person.changed', subject, before, after });
        }
        const [row] = await read(tx, tenantId, tx`a.id = ${id}`);
        return row ? toPerson(row, by) : null;
      }),

    remove: (by, tenantId, id) =>
      inTenant(db, tenantId, async (tx) => {
        const { member, othersMayManage } = await lock(tx, tenantId, id);
        if (member === null) return false;
        if (!othersMayManage) throw lastAdministrator();
        const { role, sectors, email } = member;
        await tx`delete from memberships where tenant_id = ${tenantId} and account_id = ${id}`;
        const subject = { id, name: email };
        await recordAudit(tx, tenantId, by, { action: 'person.removed', subject, before: { role, sectors } });
        await tx`select forget_account(${id})`;
        return true;
      }),
  };
}

/**
 * The person, and whether others could still manage people without him. All administrators are locked with him, so that
 * two who lower or remove each other at once take turns.
 */
async function lock(
  tx: TransactionSql,
  tenantId: string,
  id: string,
): Promise<{ member: Member | null; othersMayManage: boolean }> {
  const rows = await tx`
    select a.id, a.email, a.name, m.role, m.sectors, a.disabled_at
    from memberships m join accounts a on a.id = m.account_id
    where m.tenant_id = ${tenantId} and (m.role = 'admin' or m.account_id = ${id})
    order by m.account_id for update of m`;
  const members = z.array(memberRow).parse(rows);
  const mayManage = (member: Member): boolean => member.role === 'admin' && member.disabled_at === null;
  return {
    member: members.find((one) => one.id === id) ?? null,
    othersMayManage: members.some((one) => one.id !== id && mayManage(one)),
  };
}

function lastAdministrator(): AppError {
  return new AppError('conflict', {
    message: 'Nobody else could manage people then: make somebody an administrator first.',
  });
}

function toPerson(row: z.infer<typeof personRow>, by: Actor): PersonOfTenant {
  const { sort, since, last_seen_at, ...person } = row;
  return {
    ...person,
    since: since.toISOString(),
    lastSeenAt: last_seen_at?.toISOString() ?? null,
    isSelf: person.id === by.id,
  };
}

function cursorAfter({ sort, id }: { sort: string; id: string }): string {
  return Buffer.from(JSON.stringify([sort, id])).toString('base64url');
}

function parseCursor(cursor: string): [string, string] {
  try {
    return cursorText.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (error) {
    const issues = [{ path: 'cursor', message: 'must be the nextCursor of an answer' }];
    throw new AppError('bad_request', { issues, cause: error });
  }
}
