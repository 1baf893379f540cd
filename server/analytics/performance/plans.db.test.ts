import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { arrayTypes } from '../../db/arrayTypes.ts';
import { inTenant } from '../../db/connect.ts';
import { deriveUrls } from '../../db/roles.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { withoutIndexes } from '../../db/withoutIndexes.ts';
import { answerErrors, zodValidator } from '../../http/errorAnswers.ts';
import { importerHealthRoutes } from '../health/healthRoutes.ts';
import { performanceRoutes } from './routes.ts';

/**
 * Every question of a tenant among others, by the server's own role and under row security, is answered through an index, at a
 * million rows of each table that is read by days. Real rows: of statistics alone the planner would take no more than the
 * density, for it looks at the size of the table itself. How visits are read at a million is in visitPlans.db.test.ts.
 */

let test: TestDatabase;
let sql: Sql;
let app: FastifyInstance;
let asked: { query: string; parameters: unknown[] }[] = [];

const TABLES = ['performance_trends', 'team_trends', 'agent_trends', 'queue_visits', 'importer_health'];
/** What is read by days: a million rows of each. */
const MANY = TABLES.filter((table) => table !== 'queue_visits');

beforeAll(async () => {
  test = await createTestDatabase();
  const { ownerSql, tenantId, tenantB } = test;
  await ownerSql`
    insert into queues (tenant_id, id, name) select t, 'q' || n, 'Queue ' || n
    from generate_series(1, 20) n, unnest(${[tenantId, tenantB]}::uuid[]) t`;
  await ownerSql`
    insert into agent_names (tenant_id, name, rank) select ${tenantId}, 'a' || n, 0 from generate_series(1, 500) n`;
  await fill('importer_health', ['tenant_id', 'day', 'source', 'queue_id', 'kind', 'first_at', 'last_at'], {
    from: ownerSql`
      select t, '2026-11-24'::date - day, 'pbx' || source, 'q' || queue, kind, now(), now()
      from unnest(${[tenantId, tenantB]}::uuid[]) t, generate_series(0, 499) day, generate_series(1, 5) source,
        generate_series(1, 20) queue, unnest(array['visits', 'ghost', 'lost', 'inferred_visit', 'wait_mismatch',
          'silent_talk', 'restart', 'note', 'events', 'gap']) kind`,
  });
  const bucketsOf = (of: string, grain: string, step: string, from: string) => ownerSql`
    select ${grain} as grain, bucket, ${of}::uuid as t from generate_series(
      ${from}::timestamptz, '2026-11-24', ${step}::interval) bucket`;
  // A year of one tenant; of the other a few weeks.
  const all = (of: string, intervalsFrom: string, hoursFrom: string) => ownerSql`
    ${bucketsOf(of, 'interval', '15 minutes', intervalsFrom)} union all ${bucketsOf(of, 'hour', '1 hour', hoursFrom)}
    union all ${bucketsOf(of, 'day', '1 day', '2026-01-01')} union all ${bucketsOf(of, 'month', '1 month', '2022-01-01')}`;
  const buckets = ownerSql`
    ${all(tenantId, '2025-11-24', '2025-11-24')} union all ${all(tenantB, '2026-10-20', '2026-09-15')}`;
  await fill('performance_trends', ['tenant_id', 'grain', 'bucket', 'queue_id'], {
    from: ownerSql`select t, grain, bucket, q from (${buckets}) b,
      (select '' as q union all select 'q' || n from generate_series(1, 20) n) queues`,
  });
  await fill('team_trends', ['tenant_id', 'grain', 'bucket', 'queues'], {
    // Also of all teams together, as the leader writes it.
    from: ownerSql`
      select t, grain, bucket, array[case when n = 0 then '' else 'q' || n end] from (${buckets}) b, generate_series(0, 20) n`,
  });
  await fill('agent_trends', ['tenant_id', 'grain', 'bucket', 'queue_id', 'identity'], {
    from: ownerSql`
      select t, grain, bucket, q, 'a' || n from (${buckets}) b, generate_series(1, 500) n,
        unnest(array['', 'q1', 'q2']) q
      where grain in ('day', 'month')`,
  });
  await fill('queue_visits', ['tenant_id', 'entered_at', 'call_id', 'nth', 'queue_id', 'outcome', 'origin'], {
    from: ownerSql`
      select t, entered, 'c', n, 'q' || n, 'answered', 'inbound' from unnest(${[tenantId, tenantB]}::uuid[]) t,
        generate_series('2026-11-10'::timestamptz, '2026-11-24', '2 minutes') entered, generate_series(1, 3) n`,
  });
  await ownerSql.unsafe(`analyze ${TABLES.join(', ')}`);
  const { runtime } = deriveUrls(test.databaseUrl, null);
  sql = postgres(runtime, {
    max: 2,
    fetch_types: false,
    types: arrayTypes,
    onnotice: () => {},
    debug: (_connection, query, parameters) => asked.push({ query, parameters }),
  });
  app = Fastify();
  app.setValidatorCompiler(zodValidator);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  app.decorateRequest('principal');
  const now = () => Date.parse('2026-11-23T12:00:00Z');
  const guard = () => async (request: FastifyRequest) => {
    request.principal = { kind: 'key', tenantId, keyId: 'k', name: 'k', scopes: [], expiresAt: null };
  };
  await app.register(performanceRoutes, { db: { ...test.db, sql }, access: { guard }, now });
  await app.register(importerHealthRoutes, { db: { ...test.db, sql }, access: { guard } });
}, 240_000);
afterAll(async () => {
  await app.close();
  await sql.end();
  await test.close();
});
beforeEach(() => {
  asked = [];
});

const SOMETHING: Record<string, string> = {
  bytea: "'\\x0501'::bytea",
  jsonb: "'[]'::jsonb",
  text: "''",
  boolean: 'false',
  ARRAY: "'{}'::text[]",
};

/** Rows with the keys that `from` gives, and something in every other column. */
async function fill(
  table: string,
  keys: string[],
  { from }: { from: ReturnType<typeof test.ownerSql> },
): Promise<void> {
  const { ownerSql } = test;
  await withoutIndexes(ownerSql, table, async () => {
    const [key] = await ownerSql<{ definition: string }[]>`
      select pg_get_constraintdef(oid) as definition from pg_constraint where conname = ${`${table}_pkey`}`;
    await ownerSql`alter table ${ownerSql(table)} drop constraint ${ownerSql(`${table}_pkey`)}`;
    // Nobody takes a crash of this database for more than a failed test.
    await ownerSql`alter table ${ownerSql(table)} set unlogged`;
    const columns = await ownerSql<{ name: string; type: string }[]>`
      select column_name as name, data_type as type from information_schema.columns
      where table_name = ${table} and is_nullable = 'NO' and not column_name = any(${keys}::text[])`;
    const values = columns.map(({ type }) => SOMETHING[type] ?? '1');
    const into = [...keys, ...columns.map(({ name }) => name)].join(', ');
    await ownerSql.begin(async (tx) => {
      await tx`set local maintenance_work_mem = '256MB'`;
      // The tenants are there: to look for them a million times would be half the work.
      await tx`set local session_replication_role = replica`;
      await tx`
        insert into ${tx(table)} (${tx.unsafe(into)}) select r.*, ${tx.unsafe(values.join(', '))} from (${from}) r`;
      await tx.unsafe(`alter table ${table} add constraint ${table}_pkey ${key?.definition}`);
    });
  });
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

function* nodesOf(plan: Plan): Iterable<Plan> {
  yield plan;
  for (const inner of plan.Plans ?? []) yield* nodesOf(inner);
}

/** How a question is answered, planned for what was asked, and by the plan that is kept for whatever is asked. */
function plansOf({ query, parameters }: (typeof asked)[number]): Promise<{ Plan: Plan }[]> {
  type Explained = { 'QUERY PLAN': { Plan: Plan }[] };
  return inTenant({ sql }, test.tenantId, async (tx) => {
    // Parameters as the driver had been given them.
    const own = await tx.unsafe<Explained[]>(`explain (format json) ${query}`, parameters as string[]);
    await tx`set local plan_cache_mode = force_generic_plan`;
    await tx.unsafe(`prepare kept as ${query}`);
    const values = parameters.length > 0 ? `(${parameters.map(() => 'null').join(', ')})` : '';
    const kept = await tx.unsafe<Explained[]>(`explain (format json) execute kept${values}`);
    await tx`deallocate kept`;
    return [...own, ...kept].flatMap((row) => row['QUERY PLAN']);
  });
}

/** Of what is read beside: how teams spent their time, visits that still wait, and warnings of the days; whichever narrows more. */
const BESIDE = [
  'team_trends_pkey',
  'team_trends_all_idx',
  'queue_visits_pkey',
  'queue_visits_outcome_idx',
  'importer_health_warned_idx',
  'importer_health_told_idx',
];
const DAYS = 'startDate=2026-01-10&endDate=2026-11-20';

const OF_ALL = ['performance_trends_pkey'];
const BY_QUEUE = ['performance_trends_pkey', 'performance_trends_bucket_idx'];
// One agent's rows of some days lie in any; a key is skipped through.
const OF_AGENTS = ['agent_trends_all_idx', 'agent_trends_agent_idx', 'agent_trends_pkey'];
const P = '/analytics/performance';

it('there are a million rows of each', async () => {
  for (const table of MANY) {
    const [row] = await test.ownerSql<{ n: number }[]>`
      select reltuples::float8 as n from pg_class where relname = ${table}`;
    expect(row?.n, table).toBeGreaterThan(990_000);
  }
});

it.each([
  [`${P}/summary?${DAYS}`, OF_ALL],
  [`${P}/summary?${DAYS}&queue=q1&queue=q2`, OF_ALL],
  [`${P}/summary?${DAYS}&threshold=30`, OF_ALL],
  [`${P}/summary?${DAYS}&shortAbandon=9&definition=strict`, OF_ALL],
  [`${P}/summary?${DAYS}&compare=lastYear`, OF_ALL],
  [`${P}/summary?${DAYS}&timeZone=Asia/Tokyo`, OF_ALL],
  // Of days to come one row is expected, by whichever index.
  [`${P}/summary?startDate=2026-11-01&endDate=2027-01-01`, BY_QUEUE],
  [`${P}/explain?${DAYS}&metric=serviceLevel&threshold=30`, OF_ALL],
  [`${P}/explain?${DAYS}&metric=ahtMs&agent=a7`, OF_AGENTS],
  [
    `${P}/explain?startDate=2026-11-01&endDate=2026-11-01&start=2026-11-01T08:00:00Z&end=2026-11-01T09:00:00Z&metric=calls`,
    OF_ALL,
  ],
  [`${P}/sectors?${DAYS}`, BY_QUEUE],
  [`${P}/sectors?${DAYS}&threshold=30`, BY_QUEUE],
  [`${P}/trends?${DAYS}&groupBy=month`, OF_ALL],
  [`${P}/trends?${DAYS}&groupBy=week`, OF_ALL],
  [`${P}/trends?${DAYS}&groupBy=day`, OF_ALL],
  [`${P}/trends?${DAYS}&groupBy=day&threshold=30&compare=previous`, OF_ALL],
  [`${P}/trends?${DAYS}&groupBy=queue`, BY_QUEUE],
  [`${P}/trends?${DAYS}&groupBy=queue&threshold=30`, BY_QUEUE],
  [`${P}/trends?startDate=2026-11-01&endDate=2026-11-02&groupBy=interval`, OF_ALL],
  [`${P}/trends?startDate=2026-10-01&endDate=2026-10-31&groupBy=interval&queue=q3`, OF_ALL],
  [`${P}/trends?startDate=2026-10-01&endDate=2026-10-31&groupBy=hour`, OF_ALL],
  [`${P}/pattern?startDate=2025-11-24&endDate=2026-11-23`, OF_ALL],
  [`${P}/pattern?startDate=2025-11-24&endDate=2026-11-23&step=interval`, OF_ALL],
  [`${P}/waits?startDate=2026-10-01&endDate=2026-11-20`, OF_ALL],
  [`${P}/agents?${DAYS}&limit=20`, OF_AGENTS],
  [`${P}/agents?${DAYS}&queue=q1`, OF_AGENTS],
  [`${P}/top?startDate=2026-10-01&endDate=2026-11-20`, OF_AGENTS],
  [`${P}/top?startDate=2026-10-01&endDate=2026-11-20&queue=q1`, OF_AGENTS],
  [`${P}/agents/a7?${DAYS}`, OF_AGENTS],
  ['/importer-health?startDate=2026-10-01&endDate=2026-10-31', ['importer_health_pkey']],
  ['/importer-health?startDate=2026-10-01&endDate=2026-10-31&source=pbx1', ['importer_health_pkey']],
])('%s', async (address, indexes) => {
  const answer = await app.inject({ url: address });
  expect(answer.statusCode, answer.body).toBe(200);
  const questions = asked.filter(({ query }) => TABLES.some((table) => query.includes(table)));
  expect(questions.length).toBeGreaterThan(0);
  const used = new Set<string>();
  for (const question of questions) {
    for (const root of await plansOf(question)) {
      for (const node of nodesOf(root.Plan)) {
        const isOurs = TABLES.includes(node['Relation Name'] ?? '');
        expect(isOurs && node['Node Type'] === 'Seq Scan', `${question.query} ${JSON.stringify(root)}`).toBe(
          false,
        );
        if (node['Index Name']) used.add(node['Index Name']);
      }
    }
  }
  for (const index of used) expect([...indexes, ...BESIDE]).toContain(index);
  expect(used.size).toBeGreaterThan(0);
});
