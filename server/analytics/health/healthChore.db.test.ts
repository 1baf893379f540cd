import { afterAll, beforeAll, expect, it } from 'vitest';
import { summaryAnswer } from '../../../shared/contract/analytics.ts';
import type { HealthWarning } from '../../../shared/contract/importerHealth.ts';
import { moveMarks } from '../../history/retention/marks.ts';
import { append, until } from '../../live/testing.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';

const HOUR = 3_600_000;
/** At noon, two days after what is told: what was silent is long over but for what the test makes of it. */
const NOON = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 12 * HOUR;
const DAY = NOON - 48 * HOUR;
const date = new Date(DAY).toISOString().slice(0, 10);

let server: TestApp;
let bearer: Bearer;
let now = NOON - 48 * HOUR;
beforeAll(async () => {
  server = await createTestApp({}, { projects: true, choresMs: 20, now: () => now });
  await server.addAccount('manager@example.test', 'manager');
  ({ bearer } = await server.signIn('manager@example.test'));
});
afterAll(() => server.close());

const ask = (query = '', headers: Record<string, string> = {}) =>
  server.ask('GET', `/analytics/performance/summary?startDate=${date}&endDate=${date}${query}`, {
    ...bearer,
    ...headers,
  });
async function warnings(query = ''): Promise<HealthWarning[]> {
  const answer = await ask(query);
  expect(answer.statusCode, answer.body).toBe(200);
  return summaryAnswer.parse(answer.json()).meta.warnings;
}
const codes = async (query = '') => (await warnings(query)).map(({ code, count }) => [code, count]);

it('[V10] what was not told well stands beside the figures it concerns, as soon as it is due and no longer than it holds', async () => {
  const { db, tenantId } = server.test;
  await append(db, tenantId, [
    { kind: 'agent.signed_in', occurredAt: DAY - HOUR, agent: 'ada' },
    { kind: 'call.queued', occurredAt: DAY - HOUR, callId: 'waits', queue: 'sales', origin: 'inbound' },
    { kind: 'call.queued', occurredAt: DAY - HOUR, callId: 'talks', queue: 'help', origin: 'inbound' },
    { kind: 'call.answered', occurredAt: DAY - HOUR + 5_000, callId: 'talks', queue: 'help', agent: 'ada' },
  ]);
  const offered = async () => (await ask()).json().data?.offered;
  await until(async () => (await offered()) === 2, 'both are in history');
  const { etag } = (await ask()).headers;
  now = NOON;
  await until(async () => (await codes()).length === 2, 'a ghost and a silent talk are due by time alone');
  expect(await codes()).toEqual([
    ['ghost', 1],
    ['silent_talk', 1],
  ]);
  expect((await ask('', { 'if-none-match': String(etag) })).statusCode).toBe(200);
  expect(await codes('&queue=sales')).toEqual([['ghost', 1]]);
  expect(await warnings('&queue=help')).toMatchObject([
    { code: 'silent_talk', source: 'test', affects: expect.arrayContaining(['ahtMs']) },
  ]);
  // Told late, after all.
  await append(db, tenantId, [
    {
      kind: 'call.left',
      occurredAt: DAY - HOUR + 60_000,
      callId: 'waits',
      queue: 'sales',
      outcome: 'abandoned',
    },
    {
      kind: 'call.ended',
      occurredAt: DAY - HOUR + 65_000,
      callId: 'talks',
      queue: 'help',
      agent: 'ada',
      by: 'caller',
    },
  ]);
  await expect.poll(codes).toEqual([]);
});

it('days whose facts are gone keep what was counted of them', async () => {
  const { db, tenantId, ownerSql } = server.test;
  // Whoever counts meanwhile holds a mark that is there.
  await moveMarks(db, tenantId, { factsSince: 1 });
  await append(db, tenantId, [
    { kind: 'call.queued', occurredAt: DAY, callId: 'ghost', queue: 'sales', origin: 'inbound' },
  ]);
  await until(async () => (await codes()).length === 1, 'a ghost');
  await moveMarks(db, tenantId, { factsSince: NOON - 13 * HOUR });
  await ownerSql`delete from queue_visits where tenant_id = ${tenantId}`;
  await ownerSql`update history_days set health_due_at = '-infinity' where tenant_id = ${tenantId}`;
  await append(db, tenantId, [
    { kind: 'call.queued', occurredAt: NOON, callId: 'today', queue: 'sales', origin: 'inbound' },
  ]);
  await until(async () => {
    const rows = await ownerSql`
      select from importer_health where tenant_id = ${tenantId} and kind = 'visits' and day > ${date}::date`;
    return rows.length > 0;
  }, 'today is counted, after the others were looked at');
  expect(await codes()).toEqual([['ghost', 1]]);
});
