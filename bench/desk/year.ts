import postgres, { type Sql } from 'postgres';
import { startCallboard } from '../../e2e/testing/server.ts';
import { AGENTS, makeFacts, WEEKS } from '../history/facts.ts';
import { rebuild, seconds, vacuumRollUps } from '../history/prepared.ts';
import type { BenchPostgres } from '../postgres.ts';

const DAY_MS = 86_400_000;
/** More than the 800 who take the calls, for the longest table there is. */
export const MORE_AGENTS = 10_000;

/**
 * A database of `visits` in the 53 weeks before this one, so that "last 30 days" has some, and of ten thousand more agents; the one
 * an earlier run made, where that was kept.
 */
export async function openYear(database: BenchPostgres, visits: number): Promise<string> {
  const name = `desk_${visits}_of_${new Date(firstDay()).toISOString().slice(0, 10)}`;
  const made = await database.find(name);
  if (made !== null) return made;
  // Under its name only once it is whole: a run that is ended leaves no half a year behind.
  const rough = `${name}_unfinished`;
  const url = await database.create(rough);
  await fill(url, visits);
  const ownerSql = postgres(url.replace(rough, 'postgres'), { max: 1, onnotice: () => {} });
  await ownerSql`alter database ${ownerSql(rough)} rename to ${ownerSql(name)}`;
  await ownerSql.end();
  return url.replace(rough, name);
}

/** The Monday that many weeks before this week's. */
function firstDay(): number {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const weekday = (new Date(today).getUTCDay() + 6) % 7;
  return today - (weekday + 7 * WEEKS) * DAY_MS;
}

async function fill(url: string, visits: number): Promise<void> {
  const server = await startCallboard({ env: { DATABASE_URL: url } });
  await server.dispose();
  const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [tenant] = await ownerSql<{ id: string }[]>`select id from tenants`;
    if (!tenant) throw new Error('there is no tenant');
    const began = performance.now();
    await makeFacts(ownerSql, tenant.id, visits, firstDay());
    await makeManyAgents(ownerSql, tenant.id);
    console.log(`\n${visits} visits made in ${seconds(began)} s`);
    await rebuild(url, tenant.id);
    await vacuumRollUps(ownerSql);
  } finally {
    await ownerSql.end({ timeout: 5 });
  }
}

/** Who was there for a quarter of an hour on a day of the last week. */
async function makeManyAgents(ownerSql: Sql, tenantId: string): Promise<void> {
  const at = new Date(firstDay() + (7 * WEEKS - 4) * DAY_MS + 8 * 3_600_000);
  await ownerSql`
    insert into agent_names (tenant_id, name, rank) select ${tenantId}, 'agent-' || n, 0
    from generate_series(${AGENTS}::int, ${AGENTS + MORE_AGENTS - 1}::int) n`;
  await ownerSql`
    insert into agent_intervals (tenant_id, identity, started_at, ended_at, state, reason, call_id, queues)
    select ${tenantId}, 'agent-' || n, ${at}::timestamptz, ${at}::timestamptz + (300 + n % 600) * interval '1 second',
      (array['available', 'wrap_up', 'paused'])[1 + n % 3], null, null, array['queue-' || n % 40]
    from generate_series(${AGENTS}::int, ${AGENTS + MORE_AGENTS - 1}::int) n`;
}
