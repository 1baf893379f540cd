import { afterAll, beforeAll, expect, it } from 'vitest';
import { append, until } from '../live/testing.ts';
import { createTestApp, type TestApp } from '../testing.ts';

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
