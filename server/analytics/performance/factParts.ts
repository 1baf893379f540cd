import type { TransactionSql } from 'postgres';
import { FACT_COUNTS, type FactCount } from '../../../shared/contract/calls.ts';
import { type Formula, partsUsed } from '../../../shared/explain/formulas.ts';
import type { Parts } from '../../../shared/explain/parts.ts';
import type { VisitFilter } from '../calls/visitFilter.ts';
import type { VisitRules } from '../calls/visitRules.ts';
import { countVisits } from '../calls/visits.ts';

/** What no roll-up holds, counted from the visits themselves, which may be kept for a shorter time. */

/** The part of a stretch of time (epoch ms) of which all visits are kept; `since`: from when on, null where that is all of it. */
export async function keptPart(
  tx: TransactionSql,
  tenantId: string,
  { from, to }: { from: number; to: number },
): Promise<{ from: number; to: number; since: number | null }> {
  const [row] = await tx<{ since: number }[]>`
    select (extract(epoch from facts_since) * 1000)::float8 as since from retention_marks where tenant_id = ${tenantId}`;
  const since = row?.since ?? 0;
  return since <= from ? { from, to, since: null } : { from: Math.min(since, to), to, since };
}

/** Those parts of a formula that visits have to be counted for. */
export async function factParts(
  tx: TransactionSql,
  tenantId: string,
  formula: Formula,
  filter: VisitFilter,
  rules: VisitRules,
): Promise<Parts> {
  const names = partsUsed(formula).filter((name): name is FactCount =>
    FACT_COUNTS.some((count) => count === name),
  );
  const counts = await Promise.all(
    names.map(
      async (name) => [name, await countVisits(tx, tenantId, { ...filter, counted: [name] }, rules)] as const,
    ),
  );
  return Object.fromEntries(counts);
}
