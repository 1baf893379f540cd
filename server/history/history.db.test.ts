import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { append, silent, until } from '../live/testing.ts';
import { createTestApp, type TestApp } from '../testing.ts';
import { createHistory } from './history.ts';

let server: TestApp;
beforeAll(async () => {
  server = await createTestApp({}, { projects: true });
});
afterAll(() => server.close());

it('what is posted is in the figures of the day and in the list of visits, and health says how far it is', async () => {
  await server.addAccount('manager@example.test', 'manager');
  const { bearer } = await server.signIn('manager@example.test');
  const at = Date.now() - 120_000;
  const call = { callId: 'c1', queue: 'sales' };
  const seq = await append(server.test.db, server.test.tenantId, [
    { kind: 'call.queued', occurredAt: at, origin: 'inbound', ...call },
    { kind: 'call.answered', occurredAt: at + 7_000, agent: 'ada', ...call },
    { kind: 'call.ended', occurredAt: at + 67_000, agent: 'ada', by: 'caller', ...call },
  ]);
  const today = new Date(at).toISOString().slice(0, 10);
  const summary = async () =>
    (
      await server.ask('GET', `/analytics/performance/summary?startDate=${today}&endDate=${today}`, bearer)
    ).json();
  await until(async () => (await summary()).data.offered === 1, 'the visit is in the summary');
  expect((await summary()).data).toMatchObject({
    answered: 1,
    handled: 1,
    asaMs: 7_000,
    averageTalkMs: 60_000,
  });
  const { data: visits } = (
    await server.ask('GET', `/calls?startDate=${today}&endDate=${today}`, bearer)
  ).json();
  expect(visits).toMatchObject([{ callId: 'c1', queueId: 'sales', outcome: 'answered' }]);
  const { data: health } = (await server.ask('GET', '/live/health', bearer)).json();
  expect(health.history).toMatchObject({ seq, headSeq: seq, lagMs: 0 });
});

it('an import that is taken back leaves history, and comes into it again when it is imported again', async () => {
  const { bearer } = await server.signIn('manager@example.test');
  const began = Math.floor(Date.now() / 1_000) - 3_600;
  const text = Array.from({ length: 20 }, (_, i) => {
    const at = began + i;
    return `${at}|v${i}|help|NONE|ENTERQUEUE||5551234|1\n${at + 5}|v${i}|help|SIP/bob|CONNECT|5|x|0\n${at + 35}|v${i}|help|SIP/bob|COMPLETECALLER|5|30|1\n`;
  }).join('');
  const bring = () =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/imports/asterisk?name=a.log',
      headers: { ...bearer, 'content-type': 'text/plain' },
      payload: text,
    });
  const [from, to] = [began - 86_400, began + 86_400].map((at) =>
    new Date(at * 1_000).toISOString().slice(0, 10),
  );
  const inHistory = async () => {
    const asked = `/analytics/performance/summary?startDate=${from}&endDate=${to}&queue=help`;
    const { statusCode, body } = await server.ask('GET', asked, bearer);
    // A queue that only the import had named is unknown without it.
    return statusCode === 400 ? 0 : JSON.parse(body).data.answered;
  };
  expect((await bring()).json().data).toMatchObject({ accepted: 60 });
  await until(async () => (await inHistory()) === 20, 'the import is in history');
  const [latest] = (await server.ask('GET', '/imports?limit=1', bearer)).json().data;
  expect((await server.ask('DELETE', `/imports/${latest.id}`, bearer)).statusCode).toBe(200);
  await until(async () => (await inHistory()) === 0, 'it has left history');
  expect((await bring()).json().data).toMatchObject({ accepted: 60 });
  await until(async () => (await inHistory()) === 20, 'it is in history again');
});

it('follows nothing before it may, whoever leads, and can be closed while it waits', async () => {
  const test = await createTestDatabase();
  onTestFinished(() => test.close());
  const registry = new Registry();
  let begin = (): void => {};
  const begins = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const history = createHistory({ db: test.db, log: silent, registry, begins });
  const seq = await append(test.db, test.tenantId, [
    { kind: 'call.queued', occurredAt: Date.now(), callId: 'c1', queue: 'sales', origin: 'inbound' },
  ]);
  await until(async () => /history_leading 1/.test(await registry.metrics()), 'it leads');
  expect(await history.health(test.tenantId)).toMatchObject({ seq: 0, headSeq: seq });
  expect(await registry.metrics()).toMatch(/history_lag_events 0/);
  begin();
  await until(async () => (await history.health(test.tenantId)).seq === seq, 'it has begun');
  await history.close();

  const waiting = createHistory({
    ...{ db: test.db, log: silent, registry: new Registry() },
    begins: new Promise(() => {}),
  });
  await waiting.close();
});
