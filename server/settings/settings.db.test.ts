import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../shared/contract/permissions.ts';
import { createTestApp, type TestApp } from '../testing.ts';

let server: TestApp;
const bearers = new Map<Role, string>();
beforeAll(async () => {
  server = await createTestApp();
  for (const role of ['admin', 'manager', 'supervisor', 'viewer'] as const) {
    const email = `${role}@example.test`;
    await server.addAccount(email, role);
    bearers.set(role, (await server.signIn(email)).bearer.authorization);
  }
  const events = ['sales', 'help', 'odd/name: 1'].map((queue, at) => ({
    source: 'test',
    sourceKey: String(at),
    occurredAt: new Date().toISOString(),
    kind: 'call.queued',
    callId: `c-${at}`,
    queue,
  }));
  const posted = await server.app.inject({
    method: 'POST',
    url: '/api/v1/events',
    headers: { authorization: bearers.get('manager') },
    payload: { events },
  });
  expect(posted.statusCode).toBe(200);
});
afterAll(() => server.close());

async function ask(
  method: 'GET' | 'PATCH' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
  role: Role = 'manager',
) {
  const answer = await server.app.inject({
    method,
    url: `/api/v1/settings${path}`,
    headers: { authorization: bearers.get(role) },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
}

describe('settings', () => {
  it('are for managers and administrators', async () => {
    const statuses = await Promise.all(
      (['admin', 'manager', 'supervisor', 'viewer'] as const).map(
        async (role) => (await ask('GET', '', undefined, role)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 403, 403]);
  });

  it('change what they name and leave the rest', async () => {
    const before = (await ask('GET', '')).body.data;
    const { status, body } = await ask('PATCH', '', {
      name: 'Acme',
      timeZone: 'Asia/Tokyo',
      thresholdSeconds: 30,
    });
    expect(status).toBe(200);
    expect(body.data).toEqual({ ...before, name: 'Acme', timeZone: 'Asia/Tokyo', thresholdSeconds: 30 });
    expect((await ask('GET', '')).body.data).toEqual(body.data);
    expect((await ask('PATCH', '', {})).body.data).toEqual(body.data);
  });

  it.each([
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ timeZone: '+02:00' }, 'timeZone'],
    [{ thresholdSeconds: -1 }, 'thresholdSeconds'],
    [{ thresholdSeconds: 1e9 }, 'thresholdSeconds'],
    [{ weekStart: 8 }, 'weekStart'],
    [{ name: '' }, 'name'],
    [{ definition: 'mine' }, 'definition'],
    [{ pauseLimits: [{ reason: 'Lunch', minutes: 0 }] }, 'pauseLimits'],
    [{ pauseLimits: [{ reason: '', minutes: 10 }] }, 'pauseLimits'],
  ])('refuse %j, naming the field', async (change, path) => {
    const before = (await ask('GET', '')).body.data;
    const { status, body } = await ask('PATCH', '', change);
    expect(status).toBe(400);
    expect(body.error.issues).toMatchObject([{ path: expect.stringContaining(path) }]);
    expect((await ask('GET', '')).body.data).toEqual(before);
  });

  it('refuse a field they do not know', async () => {
    expect((await ask('PATCH', '', { treshold: 20 })).status).toBe(400);
  });

  it('of a queue act on the live numbers within a second', async () => {
    const { status, body } = await ask('PATCH', '/queues/sales', { name: 'Sales', thresholdSeconds: 7 });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      queueId: 'sales',
      name: 'Sales',
      thresholdSeconds: 7,
      maxWaitSeconds: null,
    });
    await expect
      .poll(async () => {
        const answer = await server.app.inject({
          url: '/api/v1/live/queues',
          headers: { authorization: bearers.get('viewer') },
        });
        return answer.json().data?.queues?.find(({ queueId }: { queueId: string }) => queueId === 'sales');
      })
      .toMatchObject({ name: 'Sales', thresholdSeconds: 7 });
  });

  it('[T8] say when a queue is open, and the live numbers follow', async () => {
    const openingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], opens: '00:00', closes: '00:00' }];
    const { body } = await ask('PATCH', '/queues/help', { openingHours });
    expect(body.data.openingHours).toEqual(openingHours);
    const opening = async () => {
      const answer = await server.app.inject({
        url: '/api/v1/live/queues',
        headers: { authorization: bearers.get('viewer') },
      });
      return answer.json().data?.queues?.find(({ queueId }: { queueId: string }) => queueId === 'help')
        ?.opening;
    };
    await expect.poll(opening).toEqual({ isOpen: true, changesAt: null });
    await ask('PATCH', '/queues/help', { openingHours: [] });
    await expect.poll(opening).toEqual({ isOpen: false, changesAt: null });
    await ask('PATCH', '/queues/help', { openingHours: null });
    await expect.poll(opening).toBeNull();
  });

  it.each([
    [{ days: [], opens: '08:00', closes: '18:00' }, 'days'],
    [{ days: [8], opens: '08:00', closes: '18:00' }, 'days'],
    [{ days: [1], opens: '8:00', closes: '18:00' }, 'opens'],
    [{ days: [1], opens: '08:00', closes: '24:00' }, 'closes'],
  ])('refuse the hours %j, naming the field', async (span, path) => {
    const { status, body } = await ask('PATCH', '/queues/help', { openingHours: [span] });
    expect(status).toBe(400);
    expect(body.error.issues).toMatchObject([{ path: expect.stringContaining(path) }]);
  });

  it('keep the limits of pauses, one for a reason and one for all others', async () => {
    const pauseLimits = [
      { reason: 'Lunch', minutes: 30 },
      { reason: null, minutes: 20 },
    ];
    expect((await ask('PATCH', '', { pauseLimits })).body.data.pauseLimits).toEqual(pauseLimits);
    expect((await ask('PATCH', '', { pauseLimits: [] })).body.data.pauseLimits).toEqual([]);
  });

  it('of a queue become the tenant’s again with null', async () => {
    await ask('PATCH', '/queues/help', { maxWaitSeconds: 60 });
    expect(
      (await ask('PATCH', '/queues/help', { maxWaitSeconds: null })).body.data.maxWaitSeconds,
    ).toBeNull();
  });

  it('[S81] give an agent a nickname for walls without names, and take it back with null', async () => {
    await server.test.ownerSql.begin(async (tx) => {
      const { tenantId } = server.test;
      await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
      await tx`insert into agents (tenant_id, id, name) values (${tenantId}, 'nick', 'Nick Cave')`;
    });
    const change = async (nickname: string | null) => (await ask('PATCH', '/agents/nick', { nickname })).body;
    expect((await change('Crow')).data).toMatchObject({
      agentId: 'nick',
      name: 'Nick Cave',
      nickname: 'Crow',
    });
    const listed = (await ask('GET', '/agents')).body.data;
    expect(listed.find(({ agentId }: { agentId: string }) => agentId === 'nick').nickname).toBe('Crow');
    expect((await change('')).error.issues[0]).toMatchObject({
      path: 'nickname',
      message: 'must not be empty',
    });
    expect((await change(null)).data.nickname).toBeNull();
  });

  it('find a queue by an id with anything in it, and say when there is none', async () => {
    const path = `/queues/${encodeURIComponent('odd/name: 1')}`;
    expect((await ask('PATCH', path, { name: 'Odd' })).body.data.name).toBe('Odd');
    expect((await ask('PATCH', '/queues/nowhere', { name: 'x' })).status).toBe(404);
    expect((await ask('PATCH', '/agents/nobody', { name: 'x' })).status).toBe(404);
  });

  it('list queues a page at a time', async () => {
    const first = (await ask('GET', '/queues?limit=2')).body;
    expect(first.data).toHaveLength(2);
    const rest = (await ask('GET', `/queues?limit=2&cursor=${encodeURIComponent(first.meta.nextCursor)}`))
      .body;
    expect(rest.data).toHaveLength(1);
    expect(rest.meta.nextCursor).toBeNull();
    const ids = [...first.data, ...rest.data].map(({ queueId }) => queueId);
    expect(ids.toSorted()).toEqual(['help', 'odd/name: 1', 'sales']);
  });

  it('of a sector: made, renamed, given a queue, removed, which leaves the queue unassigned', async () => {
    const { sectorId } = (await ask('POST', '/sectors', { name: 'Front' })).body.data;
    expect((await ask('PATCH', `/sectors/${sectorId}`, { name: 'Front office' })).body.data.name).toBe(
      'Front office',
    );
    expect((await ask('PATCH', '/queues/help', { sectorId })).body.data.sectorId).toBe(sectorId);
    expect((await ask('DELETE', `/sectors/${sectorId}`)).status).toBe(204);
    const queues = (await ask('GET', '/queues')).body.data;
    expect(queues.find(({ queueId }: { queueId: string }) => queueId === 'help').sectorId).toBe('unassigned');
    expect((await ask('DELETE', `/sectors/${sectorId}`)).status).toBe(404);
    expect((await ask('DELETE', '/sectors/unassigned')).status).toBe(409);
  });

  it.each([
    ['a queue', '/queues/sales', { name: 'Sales desk' }, 'queues'],
    ['a sector', '/sectors/unassigned', { name: 'Everybody' }, 'sectors'],
  ])(
    '[L1] of %s wait their turn holding nothing: no deadlock with a writer of the log or a deletion',
    async (_what, path, change, table) => {
      const { ownerSql, tenantId } = server.test;
      const changed = await ownerSql.begin(async (tx) => {
        // What append_events, delete_tenant and the removal of a sector lock first.
        await tx`select from settings where tenant_id = ${tenantId} for update`;
        const answer = ask('PATCH', path, change);
        const waiting = () => ownerSql`
        select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
        await expect.poll(async () => (await waiting()).length).toBe(1);
        await tx`select from ${tx(table)} where tenant_id = ${tenantId} for update nowait`;
        return { answer };
      });
      expect((await changed.answer).status).toBe(200);
    },
  );

  it('refuse a sector that is not there, naming the field', async () => {
    const { status, body } = await ask('PATCH', '/queues/help', { sectorId: 'nowhere' });
    expect(status).toBe(400);
    expect(body.error.issues).toEqual([{ path: 'sectorId', message: 'must be the id of a sector' }]);
  });
});
