import type { TransactionSql } from 'postgres';
import { FACT_COUNTS, type FactCount } from '../../../shared/contract/calls.ts';
import { type Formula, partsUsed } from '../../../shared/explain/formulas.ts';
import type { Parts } from '../../../shared/explain/parts.ts';
import { marksIn } from '../../history/retention/marks.ts';
import type { VisitFilter } from '../calls/visitFilter.ts';
import type { VisitRules } from '../calls/visitRules.ts';
import { countVisits } from '../calls/visits.ts';

/** What no roll-up holds, counted from the visits themselves, which may be kept for a shorter time. */

/**
 * From when on facts are kept, where they are not since `from` (epoch ms); null where they are. Until the transaction ends that
 * stands still, and what it counts from then on is there.
 */
export async function factsKeptFrom(
  tx: TransactionSql,
  tenantId: string,
  from: number,
): Promise<number | null> {
  const { factsSince } = await marksIn(tx, tenantId);
  return factsSince > from ? factsSince : null;
}

/** The part of a stretch of time (epoch ms) of which all visits are kept; `since`: from when on, null where that is all of it. */
export async function keptPart(
  tx: TransactionSql,
  tenantId: string,
  { from, to }: { from: number; to: number },
): Promise<{ from: number; to: number; since: number | null }> {
  const since = await factsKeptFrom(tx, tenantId, from);
  return { from: since === null ? from : Math.min(since, to), to, since };
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
