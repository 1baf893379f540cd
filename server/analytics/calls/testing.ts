import type { Sql } from 'postgres';
import type { LegFact, VisitFact } from '../../../shared/metrics/facts.ts';

/** Facts put where the projector would put them. */

const VISIT: VisitFact = {
  enteredAt: Date.UTC(2026, 2, 2, 10),
  callId: 'call',
  nth: 1,
  queueId: 'sales',
  source: 'test',
  caller: null,
  origin: 'inbound',
  outcome: 'open',
  position: null,
  settledAt: null,
  waitMs: 0,
  identity: null,
  endedAt: null,
  talkMs: null,
  holdMs: null,
  wrapUpMs: null,
  handledAt: null,
  isTransferred: false,
  isCompleted: false,
  isInferred: false,
  isCalledBack: false,
  continuedTo: null,
  earlierQueues: [],
};

export function visitOf(own: Partial<VisitFact>): VisitFact {
  return { ...VISIT, ...own };
}

/** An answered visit that was talked out. */
export function answeredVisit(own: Partial<VisitFact> & { waitMs: number; talkMs: number }): VisitFact {
  const enteredAt = own.enteredAt ?? VISIT.enteredAt;
  const settledAt = enteredAt + own.waitMs;
  const endedAt = settledAt + own.talkMs;
  return visitOf({
    outcome: 'answered',
    identity: 'anna',
    settledAt,
    endedAt,
    wrapUpMs: 0,
    handledAt: endedAt,
    isCompleted: true,
    ...own,
  });
}

export async function insertVisits(sql: Sql, tenantId: string, visits: readonly VisitFact[]): Promise<void> {
  await insert(sql, 'queue_visits', tenantId, visits);
}

export async function insertLegs(sql: Sql, tenantId: string, legs: readonly LegFact[]): Promise<void> {
  await insert(sql, 'agent_metrics', tenantId, legs);
}

/** Fields are columns; `…At` is an instant in epoch ms. */
async function insert(sql: Sql, table: string, tenantId: string, facts: readonly object[]): Promise<void> {
  const rows = facts.map((fact) => ({
    tenant_id: tenantId,
    ...Object.fromEntries(
      Object.entries(fact).map(([field, value]) => [
        field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        field.endsWith('At') && typeof value === 'number' ? new Date(value).toISOString() : value,
      ]),
    ),
  }));
  const [first] = rows;
  if (!first) return;
  const columns = sql(Object.keys(first));
  await sql`
    insert into ${sql(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql(table)}, ${JSON.stringify(rows)}::text::jsonb)`;
}
