import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { arrayTypes } from '../../db/arrayTypes.ts';
import { inTenant } from '../../db/connect.ts';
import { deriveUrls } from '../../db/roles.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { answerErrors, zodValidator } from '../../http/errorAnswers.ts';
import { performanceRoutes } from './routes.ts';

/** Every question of a tenant among others, by the server's own role and under row security, is answered through an index. */

let test: TestDatabase;
let sql: Sql;
let app: FastifyInstance;
let asked: { query: string; parameters: unknown[] }[] = [];

const TABLES = ['performance_trends', 'team_trends', 'agent_trends', 'queue_visits'];

beforeAll(async () => {
  test = await createTestDatabase();
  const { ownerSql, tenantId, tenantB } = test;
  await ownerSql`
    insert into queues (tenant_id, id, name) select t, 'q' || n, 'Queue ' || n
    from generate_series(1, 20) n, unnest(${[tenantId, tenantB]}::uuid[]) t`;
  await ownerSql`
    insert into agent_names (tenant_id, name, rank) select ${tenantId}, 'a' || n, 0 from generate_series(1, 100) n`;
  const bucketsOf = (grain: string, step: string, from: string) => ownerSql`
    select ${grain} as grain, bucket, t from unnest(${[tenantId, tenantB]}::uuid[]) t,
      generate_series(${from}::timestamptz, '2026-11-24', ${step}::interval) bucket`;
  const all = ownerSql`
    ${bucketsOf('interval', '15 minutes', '2026-10-20')} union all ${bucketsOf('hour', '1 hour', '2026-09-15')}
    union all ${bucketsOf('day', '1 day', '2026-01-01')} union all ${bucketsOf('month', '1 month', '2022-01-01')}`;
  await fill('performance_trends', ['tenant_id', 'grain', 'bucket', 'queue_id'], {
    from: ownerSql`select t, grain, bucket, q from (${all}) b,
      (select '' as q union all select 'q' || n from generate_series(1, 20) n) queues`,
  });
  await fill('team_trends', ['tenant_id', 'grain', 'bucket', 'queues'], {
    from: ownerSql`select t, grain, bucket, array['q' || n] from (${all}) b, generate_series(1, 8) n`,
  });
  await fill('agent_trends', ['tenant_id', 'grain', 'bucket', 'queue_id', 'identity'], {
    from: ownerSql`
      select t, grain, bucket, q, 'a' || n from (${all}) b, generate_series(1, 100) n, unnest(array['', 'q1']) q
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
}, 120_000);
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
  const columns = await ownerSql<{ name: string; type: string }[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_name = ${table} and is_nullable = 'NO' and not column_name = any(${keys}::text[])`;
  const values = columns.map(({ type }) => SOMETHING[type] ?? '1');
  const into = [...keys, ...columns.map(({ name }) => name)].join(', ');
  await ownerSql`
    insert into ${ownerSql(table)} (${ownerSql.unsafe(into)})
    select r.*, ${ownerSql.unsafe(values.join(', '))} from (${from}) r`;
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

/** Of visits that still wait; whichever narrows more. */
const OF_OPEN_VISITS = ['queue_visits_pkey', 'queue_visits_outcome_idx'];
const DAYS = 'startDate=2026-01-10&endDate=2026-11-20';

it.each([
  [`/summary?${DAYS}`, ['performance_trends_pkey', 'team_trends_pkey']],
  [`/summary?${DAYS}&queue=q1&queue=q2`, ['performance_trends_pkey', 'team_trends_pkey']],
  [`/summary?${DAYS}&threshold=30`, ['performance_trends_pkey', 'team_trends_pkey']],
  [`/summary?${DAYS}&timeZone=Asia/Tokyo`, ['performance_trends_pkey', 'team_trends_pkey']],
  // Of days to come one row is expected, by whichever index.
  [
    '/summary?startDate=2026-11-01&endDate=2027-01-01',
    ['performance_trends_pkey', 'performance_trends_bucket_idx'],
  ],
  [`/explain?${DAYS}&metric=serviceLevel&threshold=30`, ['performance_trends_pkey', 'team_trends_pkey']],
  [`/explain?${DAYS}&metric=ahtMs&agent=a7`, ['agent_trends_agent_idx']],
  [
    '/explain?startDate=2026-11-01&endDate=2026-11-01&start=2026-11-01T08:00:00Z&end=2026-11-01T09:00:00Z&metric=calls',
    ['performance_trends_pkey', 'team_trends_pkey'],
  ],
  [`/sectors?${DAYS}`, ['performance_trends_bucket_idx', 'team_trends_pkey']],
  [`/trends?${DAYS}&groupBy=month`, ['performance_trends_pkey', 'team_trends_pkey']],
  [`/trends?${DAYS}&groupBy=day`, ['performance_trends_pkey', 'team_trends_pkey']],
  ['/trends?startDate=2026-11-01&endDate=2026-11-02&groupBy=interval', ['performance_trends_pkey']],
  ['/trends?startDate=2026-10-01&endDate=2026-10-31&groupBy=hour', ['performance_trends_pkey']],
  [`/agents?${DAYS}&limit=20`, ['agent_trends_agent_idx', 'agent_trends_pkey']],
  [`/agents?${DAYS}&queue=q1`, ['agent_trends_agent_idx', 'agent_trends_pkey']],
  ['/top?startDate=2026-10-01&endDate=2026-11-20', ['agent_trends_pkey', 'agent_trends_agent_idx']],
  [`/agents/a7?${DAYS}`, ['agent_trends_agent_idx']],
])('%s', async (address, indexes) => {
  const answer = await app.inject({ url: `/analytics/performance${address}` });
  expect(answer.statusCode, answer.body).toBe(200);
  const questions = asked.filter(({ query }) => TABLES.some((table) => query.includes(table)));
  expect(questions.length).toBeGreaterThan(0);
  const used = new Set<string>();
  for (const { query, parameters } of questions) {
    const [row] = await inTenant({ sql }, test.tenantId, (tx) =>
      // Parameters as the driver had been given them.
      tx.unsafe<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(
        `explain (format json) ${query}`,
        parameters as string[],
      ),
    );
    for (const root of row?.['QUERY PLAN'] ?? []) {
      for (const node of nodesOf(root.Plan)) {
        const isOurs = TABLES.includes(node['Relation Name'] ?? '');
        expect(isOurs && node['Node Type'] === 'Seq Scan', `${query} ${JSON.stringify(root)}`).toBe(false);
        if (node['Index Name']) used.add(node['Index Name']);
      }
    }
  }
  for (const index of used) expect([...indexes, ...OF_OPEN_VISITS, 'team_trends_pkey']).toContain(index);
  expect(used.size).toBeGreaterThan(0);
});
