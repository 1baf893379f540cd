import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { BOARD_IDS } from '../../../shared/contract/boards.ts';
import type { ScreenFace } from '../../../shared/contract/screens.ts';

/** What a screen shows and of whom it is, as its row `s` says it now. */

export const faceColumns = (tx: TransactionSql) => tx`
  s.name, s.board,
  (select t.name from tenants t where t.id = s.tenant_id) as tenant_name,
  (select o.time_zone from settings o where o.tenant_id = s.tenant_id),
  case when cardinality(s.sectors) > 0 then array(
    select x.name from sectors x where x.tenant_id = s.tenant_id and x.id = any (s.sectors) order by x.name, x.id
  ) end as sector_names`;

export const faceRow = z.object({
  name: z.string(),
  board: z.enum(BOARD_IDS),
  tenant_name: z.string(),
  time_zone: z.string(),
  sector_names: z.array(z.string()).nullable(),
});

export function toFace(row: z.infer<typeof faceRow>): ScreenFace {
  const { name, board, tenant_name, time_zone, sector_names: sectors } = row;
  return { name, board, sectors, tenant: { name: tenant_name, timeZone: time_zone } };
}
