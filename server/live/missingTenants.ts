import type { Database } from '../db/connect.ts';

/** Of the tenants held, those that were deleted: after a time of not listening nobody has said so [L3]. */
export async function missingOf(db: Pick<Database, 'sql'>, held: readonly string[]): Promise<string[]> {
  const rows = await db.sql<{ id: string }[]>`select tenant_ids() as id`;
  const there = new Set(rows.map(({ id }) => id));
  return held.filter((id) => !there.has(id));
}
