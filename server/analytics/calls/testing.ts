import type { Sql } from 'postgres';
import type { LegFact, VisitFact } from '../../../shared/metrics/facts.ts';
import type { Bearer, TestApp } from '../../testing.ts';

/** Facts put where the projector would put them, and a call centre to find them in. */

/** Queue `sales` in the sector North, `help` in none, where whoever waits a minute is lost; Anna, by two names. */
export async function furnish({
  test,
  addAccount,
  signIn,
}: TestApp): Promise<{ manager: Bearer; held: Bearer }> {
  const { ownerSql, tenantId } = test;
  await ownerSql`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North')`;
  await ownerSql`
    insert into queues (tenant_id, id, name, sector_id, max_wait_seconds) values
      (${tenantId}, 'sales', 'Sales', 'north', null), (${tenantId}, 'help', 'Help', 'unassigned', 60)`;
  await ownerSql`insert into agents (tenant_id, id, name) values (${tenantId}, 'Agent/7', 'Anna')`;
  await ownerSql`
    insert into agent_names (tenant_id, name, rank) values
      (${tenantId}, 'Agent/7', 0), (${tenantId}, 'Local/7@agents', 9)`;
  await addAccount('manager@example.test', 'manager');
  await addAccount('held@example.test', 'supervisor', ['north']);
  const { bearer: manager } = await signIn('manager@example.test');
  const { bearer: held } = await signIn('held@example.test');
  return { manager, held };
}

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
  isOutsideHours: false,
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
