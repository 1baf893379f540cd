import { z } from 'zod';
import { ROLES } from '../../shared/contract/permissions.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import type { Person } from './principal.ts';

const found = z.object({ role: z.enum(ROLES), sectors: z.array(z.string()), isPlatformOwner: z.boolean() });

/**
 * The person as the database knows him now: the session is not ended, the account not disabled, role, sectors and the platform what they are today.
 * Throws `unauthorized` otherwise, and what the database throws when it cannot be asked.
 */
export async function lookUp(db: Database, person: Person): Promise<Person> {
  const { tenantId, accountId, sessionId } = person;
  const [row] = await inTenant(
    db,
    tenantId,
    (tx) => tx`
      select m.role, m.sectors, a.is_platform_owner as "isPlatformOwner" from memberships m join accounts a on a.id = m.account_id
      where m.tenant_id = ${tenantId} and m.account_id = ${accountId} and a.disabled_at is null
        and exists (
          select from refresh_tokens r
          where r.tenant_id = ${tenantId} and r.family_id = ${sessionId} and r.revoked_at is null
            and r.expires_at > clock_timestamp())`,
  );
  if (!row) throw new AppError('unauthorized');
  return { ...person, ...found.parse(row) };
}
