import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardAnswer } from '../../../shared/contract/dashboard.ts';
import { arrayTypes } from '../../db/arrayTypes.ts';
import { inTenant } from '../../db/connect.ts';
import { deriveUrls } from '../../db/roles.ts';
import { moveVersion } from '../../history/rollUps/stamped.ts';
import { answerErrors, zodValidator } from '../../http/errorAnswers.ts';
import { createAnswerCache } from '../answerCache.ts';
import { performanceRoutes } from '../performance/routes.ts';
import { createHistory, type History } from '../testing.ts';
import { dashboardRoutes } from './dashboardRoutes.ts';

/** At a quarter past three on the last day but one of the history, by whoever the headers name. */

let history: History;
let app: FastifyInstance;
let sql: Sql;
let asked: string[] = [];
let clock = Date.parse('2026-11-02T15:17:30+01:00');

beforeAll(async () => {
  history = await createHistory(1_500);
  const { tenantId, databaseUrl, db } = history.test;
  sql = postgres(deriveUrls(databaseUrl, null).runtime, {
    max: 4,
    fetch_types: false,
    types: arrayTypes,
    onnotice: () => {},
    debug: (_connection, query) => asked.push(query),
  });
  app = Fastify();
  app.setValidatorCompiler(zodValidator);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  app.decorateRequest('principal');
  const guard = () => async (request: FastifyRequest) => {
    const { tenant = tenantId, sectors } = request.headers;
    request.principal = {
      kind: 'screen',
      tenantId: String(tenant),
      screenId: 's',
      name: 's',
      audience: 'supervisor',
      sectors: sectors === undefined ? [] : String(sectors).split(','),
    } as never; // All that a sight is made of.
  };
  const options = {
    db: { ...db, sql },
    access: { guard },
    cache: createAnswerCache(),
    now: () => clock,
  };
  await app.register(performanceRoutes, options);
  await app.register(dashboardRoutes, options);
}, 60_000);
afterAll(async () => {
  await app.close();
  await sql.end();
  await history.close();
});

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url: `/analytics${url}`, headers });

async function page(headers: Record<string, string> = {}) {
  const answer = await get('/dashboard', headers);
  expect(answer.statusCode, answer.body).toBe(200);
  const parsed = dashboardAnswer.parse(answer.json());
  expect(answer.json()).toEqual(parsed);
  return parsed;
}
const performance = async (address: string, headers: Record<string, string> = {}) =>
  (await get(`/performance${address}`, headers)).json();

/** How often roll-ups were read. */
const reads = () => asked.filter((query) => /performance_trends/.test(query)).length;
const change = (column: string, value: unknown) =>
  inTenant(
    history.test.db,
    history.test.tenantId,
    (tx) => tx`update settings set ${tx({ [column]: value })}, version = version + 1`,
  );

describe('the dashboard', () => {
  it('has the figures of its periods and those before, as summary says them', async () => {
    const { data, meta } = await page();
    expect(meta).toMatchObject({ today: '2026-11-02', timeZone: 'Europe/Berlin', scorecards: null });
    const days = (name: keyof typeof data.periods) => {
      const { startDate, endDate, comparedTo } = data.periods[name];
      return [startDate, endDate, comparedTo.startDate, comparedTo.endDate];
    };
    expect(days('today')).toEqual(['2026-11-02', '2026-11-02', '2026-10-26', '2026-10-26']);
    expect(days('yesterday')).toEqual(['2026-11-01', '2026-11-01', '2026-10-25', '2026-10-25']);
    expect(days('last7Days')).toEqual(['2026-10-26', '2026-11-01', '2026-10-19', '2026-10-25']);
    expect(days('last30Days')).toEqual(['2026-10-03', '2026-11-01', '2026-09-03', '2026-10-02']);
    for (const [name, period] of Object.entries(data.periods)) {
      const { startDate, endDate, comparedTo, previous, verdicts: _, ...metrics } = period;
      const said = await performance(`/summary?startDate=${startDate}&endDate=${endDate}`);
      expect(said.data).toMatchObject(metrics);
      if (name === 'today') continue;
      const before = await performance(
        `/summary?startDate=${comparedTo.startDate}&endDate=${comparedTo.endDate}`,
      );
      expect(before.data).toMatchObject(previous);
    }
    const { previous, comparedTo } = data.periods.today;
    expect(comparedTo.until).toBe('2026-10-26T14:15:00.000Z');
    const [counted] = await history.test.ownerSql`
      select count(*) filter (where outcome <> 'refused')::int as offered,
        count(*) filter (where outcome = 'answered')::int as answered
      from queue_visits where tenant_id = ${history.test.tenantId} and entered_at < ${comparedTo.until}
        and entered_at >= '2026-10-26'::timestamp at time zone 'Europe/Berlin'`;
    expect(previous).toMatchObject(counted ?? {});
    expect(previous.offered).toBeGreaterThan(0);
  });

  it('has sectors and queues as their own endpoints say, and how all of it stands to its targets', async () => {
    const { data } = await page();
    const { data: sectors } = await performance('/sectors?startDate=2026-10-03&endDate=2026-11-01');
    expect(data.sectors.map(({ sectorId }) => sectorId)).toEqual(['north', 'south', 'unassigned']);
    for (const { sectorId, verdicts: _, days, ...metrics } of data.sectors) {
      expect(days).toEqual([]);
      expect(sectors.find((row: { sectorId: string }) => row.sectorId === sectorId)).toMatchObject(metrics);
    }
    const address = '/trends?groupBy=queue&startDate=2026-10-26&endDate=2026-11-01';
    const { data: queues } = await performance(address);
    const { best, worst } = data.queues;
    for (const { verdicts: _, ...row } of [...best, ...worst])
      expect(queues.find(({ queueId }: { queueId: string }) => queueId === row.queueId)).toMatchObject(row);
    const level = (row: { serviceLevel: number }) => -row.serviceLevel;
    const order = [...queues].sort((a, b) => level(a) - level(b)).map(({ queueId }) => queueId);
    expect([...best, ...worst].map(({ queueId }) => queueId)).toEqual(order);
    const { serviceLevel, verdicts } = data.periods.last7Days;
    expect(verdicts.map(({ metric }) => metric)).toEqual(['serviceLevel', 'abandonmentRate']);
    const expected = (serviceLevel ?? 0) < 0.6 ? 'critical' : 'missed';
    expect(verdicts[0]).toEqual({
      metric: 'serviceLevel',
      value: serviceLevel,
      target: 0.8,
      verdict: expected,
    });
    await change('service_level_target', 0.01);
    expect((await page()).data.periods.last7Days.verdicts[0]).toMatchObject({
      target: 0.01,
      verdict: 'good',
    });
    await change('service_level_target', 0.8);
  });

  it('a hundred at once are one reading, and whoever has it is told so', async () => {
    clock += 900_000;
    asked = [];
    await page();
    const once = reads();
    expect(once).toBeGreaterThan(0);
    clock += 900_000;
    asked = [];
    const answers = await Promise.all(Array.from({ length: 100 }, () => get('/dashboard')));
    expect(reads()).toBe(once);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    const etag = String(answers[0]?.headers.etag);
    const known = await get('/dashboard', { 'if-none-match': etag });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    expect(reads()).toBe(once);
  });

  it('holds no longer than what it was made of', async () => {
    const etagNow = async () => String((await get('/dashboard')).headers.etag);
    const before = await etagNow();
    expect(await etagNow()).toBe(before);
    await change('first_contact_days', 3);
    const decided = await etagNow();
    expect(decided).not.toBe(before);
    expect((await page()).data.periods.last30Days.firstContactDays).toBe(3);
    await history.stamp();
    const rolledUp = await etagNow();
    expect(rolledUp).not.toBe(decided);
    const { tenantId, ownerSql } = history.test;
    await ownerSql`
      insert into importer_health (tenant_id, day, source, kind, count, first_at, last_at)
      values (${tenantId}, '2026-11-01', 'test', 'gap', 2, '2026-11-01', '2026-11-01')`;
    // As whoever counts warnings does.
    await inTenant(history.test.db, tenantId, (tx) => moveVersion(tx, tenantId));
    expect(await etagNow()).not.toBe(rolledUp);
    expect((await page()).data.warnings).toMatchObject([{ code: 'gap', count: 2, source: 'test' }]);
    const warned = await etagNow();
    await ownerSql`select refresh_scorecards('0')`;
    expect(await etagNow()).not.toBe(warned);
    expect((await page()).meta.scorecards).not.toBeNull();
    // While the log is being taken in, how far it is behind is said anew every second.
    await ownerSql`update event_heads set seq = seq + 1 where tenant_id = ${tenantId}`;
    const behind = await etagNow();
    clock += 1_000;
    expect(await etagNow()).not.toBe(behind);
    await ownerSql`update event_heads set seq = seq - 1 where tenant_id = ${tenantId}`;
  });

  it('[S46] [S48] shows what is in sight of whoever asks, asked together or one after the other', async () => {
    const { tenantB } = history.test;
    const sights = [{}, { sectors: 'south' }, { sectors: 'north' }, { tenant: tenantB }] as Record<
      string,
      string
    >[];
    const all = await Promise.all([...sights, ...sights].map((headers) => page(headers)));
    const [whole, south, north, other] = all;
    expect(all.slice(4)).toEqual(all.slice(0, 4));
    expect(south?.data.sectors.map(({ sectorId }) => sectorId)).toEqual(['south']);
    expect(north?.data.sectors.map(({ sectorId }) => sectorId)).toEqual(['north']);
    expect(other?.data.periods.last30Days.offered).toBe(0);
    const offered = (one: typeof whole) => one?.data.periods.last30Days.offered ?? 0;
    expect(offered(south) + offered(north)).toBe(offered(whole));
    expect(south?.data.queues.best.concat(south.data.queues.worst).map(({ queueId }) => queueId)).toEqual([
      'q2',
    ]);
    const said = await performance('/summary?startDate=2026-10-03&endDate=2026-11-01', { sectors: 'south' });
    expect(said.data.offered).toBe(offered(south));
  });

  it('takes no parameters', async () => {
    const answer = await get('/dashboard?startDate=2026-10-01');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.issues).toMatchObject([{ path: 'startDate' }]);
  });
});
