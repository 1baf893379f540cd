import type { TransactionSql } from 'postgres';
import { isHeldToSectors, type Role } from '../../../shared/contract/permissions.ts';
import { AppError } from '../../http/errors.ts';

/**
 * What a membership or an invitation may name: sectors there are, and none for a role that sees everything. They stay
 * until the transaction ends, so that none is removed while somebody is being held to it.
 */
export async function checkHeld(
  tx: TransactionSql,
  tenantId: string,
  role: Role,
  sectors: readonly string[],
): Promise<string[]> {
  if (sectors.length === 0) return [];
  if (!isHeldToSectors(role)) {
    const message = 'must be empty: only supervisors and viewers are held to sectors';
    throw new AppError('bad_request', { issues: [{ path: 'sectors', message }] });
  }
  const rows = await tx<{ id: string }[]>`
    select id from sectors where tenant_id = ${tenantId} and id in ${tx([...sectors])} order by id for key share`;
  const known = rows.map(({ id }) => id);
  const unknown = sectors.findIndex((id) => !known.includes(id));
  if (unknown === -1) return known;
  const message = 'must be the id of a sector';
  throw new AppError('bad_request', { issues: [{ path: `sectors.${unknown}`, message }] });
}

/**
 * Refuses where somebody is held to a sector that is being removed, or will be once he accepts: taking it from his list
 * could leave an empty one, which means all sectors.
 */
export async function refuseWhileHeld(tx: TransactionSql, tenantId: string, sectorId: string): Promise<void> {
  const [held] = await tx<{ people: number; invited: number }[]>`
    select
      (select count(*)::integer from memberships where tenant_id = ${tenantId} and ${sectorId} = any (sectors)) as people,
      (select count(*)::integer from invitations where tenant_id = ${tenantId} and ${sectorId} = any (sectors)
        and accepted_at is null and revoked_at is null) as invited`;
  const { people = 0, invited = 0 } = held ?? {};
  if (people + invited === 0) return;
  throw new AppError('conflict', {
    message: `Held to this sector: people ${people}, open invitations ${invited}. Change them first, under People.`,
  });
}
