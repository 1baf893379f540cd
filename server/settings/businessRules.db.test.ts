import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing.ts';

let server: TestApp;
let manager: { authorization: string };
let viewer: { authorization: string };
beforeAll(async () => {
  server = await createTestApp();
  await server.addAccount('manager@example.test', 'manager');
  await server.addAccount('viewer@example.test', 'viewer');
  manager = (await server.signIn('manager@example.test')).bearer;
  viewer = (await server.signIn('viewer@example.test')).bearer;
  const sent = await server.ask('POST', '/events', manager, {
    events: [event('call.queued', { queue: 'sales' })],
  });
  expect(sent.statusCode, sent.body).toBe(200);
});
afterAll(() => server.close());

let sent = 0;
const event = (kind: string, fields: object) => ({
  source: 'test',
  sourceKey: String(sent++),
  occurredAt: new Date().toISOString(),
  kind,
  callId: 'c',
  ...fields,
});

const read = async () => (await server.ask('GET', '/settings/business-rules', manager)).json().data;
const change = (rules: object, who = manager) => server.ask('PATCH', '/settings/business-rules', who, rules);
/** What a viewer is shown of the whole centre and of its one queue, once it is so. */
const shown = async () => {
  const { totals, queues } = (await server.ask('GET', '/metrics/live', viewer)).json().data ?? {};
  return { total: totals?.targets, queue: queues?.[0]?.targets };
};

describe('business rules', () => {
  it('are the settings in groups: one state, whichever way it is changed', async () => {
    const before = await read();
    expect(before).toMatchObject({
      targets: { serviceLevel: 0.8, abandonmentRate: 0.05, asaSeconds: null },
      thresholds: { thresholdSeconds: 20 },
      definition: 'standard',
      firstContactDays: 7,
      retention: { eventMonths: null },
      enableCsat: true,
    });
    const answer = await change({
      targets: { asaSeconds: 25 },
      thresholds: { thresholdSeconds: 30 },
      weekStart: 7,
    });
    expect(answer.statusCode, answer.body).toBe(200);
    const after = {
      ...before,
      targets: { ...before.targets, asaSeconds: 25 },
      thresholds: { ...before.thresholds, thresholdSeconds: 30 },
      weekStart: 7,
    };
    expect(answer.json().data).toEqual(after);
    expect(await read()).toEqual(after);
    const flat = (await server.ask('GET', '/settings', manager)).json().data;
    expect(flat).toMatchObject({ asaTargetSeconds: 25, thresholdSeconds: 30, weekStart: 7 });
    await server.ask('PATCH', '/settings', manager, { occupancyLimit: 0.85 });
    expect((await read()).targets.occupancy).toBe(0.85);
    expect((await change({})).json().data).toEqual(await read());
  });

  it('reach the live numbers at once, a queue’s own before the tenant’s', async () => {
    await change({ targets: { serviceLevel: 0.9, abandonmentRate: 0.03, ahtSeconds: 240 } });
    const tenants = { serviceLevel: 0.9, abandonmentRate: 0.03, ahtMs: 240_000 };
    await expect.poll(shown).toMatchObject({ total: tenants, queue: tenants });
    const own = { serviceLevelTarget: 0.7, ahtTargetSeconds: 100 };
    const answer = await server.ask('PATCH', '/settings/queues/sales', manager, own);
    expect(answer.json().data).toMatchObject({ ...own, abandonmentLimit: null });
    await expect.poll(shown).toMatchObject({
      total: tenants,
      queue: { serviceLevel: 0.7, abandonmentRate: 0.03, ahtMs: 100_000 },
    });
    await server.ask('PATCH', '/settings/queues/sales', manager, {
      serviceLevelTarget: null,
      ahtTargetSeconds: null,
    });
    await expect.poll(shown).toMatchObject({ queue: tenants });
  });

  it('are audited with what they were and what they are, and not where nothing has changed', async () => {
    const entries = () => server.test.ownerSql`
      select before, after, actor_name from analytics_audit_log where action = 'settings.changed' order by occurred_at`;
    const count = (await entries()).length;
    await change({ minimumSample: 20, retention: { factMonths: 24 } });
    await change({ minimumSample: 20 });
    const now = await entries();
    expect(now.slice(count)).toEqual([
      {
        before: { minimumSample: 10, factRetentionMonths: null },
        after: { minimumSample: 20, factRetentionMonths: 24 },
        actor_name: 'manager@example.test',
      },
    ]);
  });

  it.each([
    [{ targets: { serviceLevel: 80 } }, 'targets.serviceLevel'],
    [{ targets: { serviceLevel: null } }, 'targets.serviceLevel'],
    [{ targets: { asaSeconds: 0 } }, 'targets.asaSeconds'],
    [{ targets: { servicelevel: 0.8 } }, 'targets.servicelevel'],
    [{ thresholds: { thresholdSeconds: -1 } }, 'thresholds.thresholdSeconds'],
    [{ retention: { eventMonths: 0 } }, 'retention.eventMonths'],
    [{ firstContactDays: 0 }, 'firstContactDays'],
    [{ enableCsat: 'no' }, 'enableCsat'],
    [{ definition: 'mine' }, 'definition'],
  ])('refuse %j, naming the field', async (rules, path) => {
    const before = await read();
    const answer = await change(rules);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.issues).toMatchObject([{ path }]);
    expect(await read()).toEqual(before);
  });

  it('are for those who decide settings', async () => {
    expect((await change({ weekStart: 1 }, viewer)).statusCode).toBe(403);
    expect((await server.ask('GET', '/settings/business-rules', viewer)).statusCode).toBe(403);
  });

  it.each([
    ['enableCsat', 'survey.answered', { csat: 5, channel: 'mail' }],
    ['enableQuality', 'quality.scored', { agent: 'a', reviewer: 'r', form: 'f', answers: {} }],
    ['enableCost', 'revenue.recorded', { amountMinor: 1, currency: 'EUR', revenueKind: 'sale' }],
  ])('with %s off, %s is not taken in from then on, and said so', async (flag, kind, fields) => {
    const post = async () => {
      const payload = { events: [event(kind, fields)], partial: true };
      return (await server.ask('POST', '/events', manager, payload)).json().data;
    };
    // What is known of the tenant while events come is not what it was before the change.
    expect(await post()).toMatchObject({ accepted: 1, rejections: [] });
    await change({ [flag]: false });
    expect(await post()).toMatchObject({
      accepted: 0,
      rejections: [{ field: 'kind', message: `${kind} is turned off in the settings` }],
    });
    await change({ [flag]: true });
    expect(await post()).toMatchObject({ accepted: 1, rejections: [] });
  });
});
