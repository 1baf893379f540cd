import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeOwner } from '../cli/owner.ts';
import { inTenant } from '../db/connect.ts';
import { append, item } from '../db/testing/items.ts';
import { type Client, plainClient, socketIoClient } from '../live/sockets/clients.ts';
import { silent, until } from '../live/testing.ts';
import { createTestApp, PASSWORD, type TestApp } from '../testing.ts';
import { startSweeper } from './sweeper.ts';

let server: TestApp;
let url: string;
let owner: Bearer;
const clients: Client[] = [];

beforeAll(async () => {
  server = await createTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Listening on TCP, so it is not a pipe's name.
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  await server.addAccount('owner@example.test', 'viewer');
  await server.test.db.sql`select make_platform_owner('owner@example.test')`;
  owner = (await signIn('owner@example.test')).bearer;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.close());

interface Bearer {
  authorization: string;
  [header: string]: string;
}

interface SignedIn {
  bearer: Bearer;
  cookie: string;
  tenant: { id: string; name: string };
  tenants: { id: string; name: string }[];
}

const ask = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  headers: Record<string, string>,
  payload?: object,
) => server.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });

function signedIn(answer: Awaited<ReturnType<typeof ask>>): SignedIn {
  expect(answer.statusCode, answer.body).toBe(200);
  const { accessToken, tenant, tenants } = answer.json().data;
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  return { bearer: { authorization: `Bearer ${accessToken}` }, cookie, tenant, tenants };
}

const signIn = async (email: string) =>
  signedIn(await ask('POST', '/sessions', {}, { email, password: PASSWORD }));
const switchTo = (cookie: string, tenantId: string, headers: Record<string, string> = {}) =>
  ask('POST', '/sessions/switch', { cookie, ...headers }, { tenantId });
const make = async (name: string): Promise<string> =>
  (await ask('POST', '/platform/tenants', owner, { name, timeZone: 'Europe/Madrid' })).json().data.id;
const join = (tenantId: string, accountId: string, role: string) =>
  inTenant(
    server.test.db,
    tenantId,
    (tx) =>
      tx`insert into memberships (tenant_id, account_id, role) values (${tenantId}, ${accountId}, ${role})`,
  );

describe('a platform owner', () => {
  it('makes a call centre and is its first administrator, renames it, and sees that it is alive', async () => {
    const made = await ask('POST', '/platform/tenants', owner, { name: 'Beta', timeZone: 'Europe/Madrid' });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json().data;
    expect(made.json().data).toMatchObject({ slug: 'beta', people: 1, lastEventAt: null, isCurrent: false });
    const twin = (await ask('POST', '/platform/tenants', owner, { name: 'Béta', timeZone: 'UTC' })).json();
    expect(twin.data.slug).toBe('beta-2');

    const renamed = await ask('PATCH', `/platform/tenants/${id}`, owner, { name: 'Beta Support' });
    expect(renamed.json().data.name).toBe('Beta Support');
    await inTenant(server.test.db, id, (tx) => append(tx, [item('a')]));
    const listed = (await ask('GET', '/platform/tenants', owner)).json().data;
    const beta = listed.find((tenant: { id: string }) => tenant.id === id);
    expect(Date.parse(beta.lastEventAt)).toBeGreaterThan(Date.now() - 60_000);
    const [settings] = await inTenant(server.test.db, id, (tx) => tx`select time_zone from settings`);
    expect(settings).toEqual({ time_zone: 'Europe/Madrid' });
    const audit = await inTenant(
      server.test.db,
      id,
      (tx) => tx`select actor_name, action, before, after from analytics_audit_log order by occurred_at`,
    );
    expect(audit).toEqual([
      {
        actor_name: 'owner@example.test',
        action: 'tenant.created',
        before: null,
        after: { timeZone: 'Europe/Madrid' },
      },
      {
        actor_name: 'owner@example.test',
        action: 'tenant.renamed',
        before: { name: 'Beta' },
        after: { name: 'Beta Support' },
      },
    ]);
  });

  it('is not a member by that: of a call centre of others no route and no switch shows them anything', async () => {
    const { tenantB } = server.test;
    expect((await ask('GET', '/platform/tenants', owner)).body).toContain(tenantB);
    const { cookie, tenants } = await signIn('owner@example.test');
    expect(tenants.map(({ id }) => id)).not.toContain(tenantB);
    expect((await switchTo(cookie, tenantB)).statusCode).toBe(404);
    // A viewer where they are a member: nothing more by running the installation.
    expect((await ask('GET', '/settings', owner)).statusCode).toBe(403);
  });

  it('is made by the command line, of an account there is', async () => {
    await server.addAccount('second@example.test', 'viewer');
    const { bearer } = await signIn('second@example.test');
    expect((await ask('GET', '/platform/tenants', bearer)).statusCode).toBe(403);
    const env = { DATABASE_URL: server.test.databaseUrl };
    await expect(makeOwner('nobody@example.test', env, silent)).rejects.toThrow('invite them first');
    await makeOwner('Second@example.test', env, silent);
    // The token given out before does not have to be renewed for it.
    await until(
      async () => (await ask('GET', '/platform/tenants', bearer)).statusCode === 200,
      'the right counts',
    );
  });

  it('[S13] is one no longer as soon as that is taken back', async () => {
    const id = await server.addAccount('former@example.test', 'viewer');
    await server.test.db.sql`select make_platform_owner('FORMER@example.test')`;
    const { bearer } = await signIn('former@example.test');
    expect((await ask('GET', '/platform/tenants', bearer)).statusCode).toBe(200);
    await server.test.ownerSql`update accounts set is_platform_owner = false where id = ${id}`;
    await until(
      async () => (await ask('GET', '/platform/tenants', bearer)).statusCode === 403,
      'the token given out before opens nothing',
    );
  });

  it('alone may: an administrator is refused, and a tenant there is not is not found', async () => {
    await server.addAccount('admin@example.test', 'admin');
    const { bearer } = await signIn('admin@example.test');
    const [id, name] = [server.test.tenantB, 'Tenant B'];
    const statuses = [
      await ask('GET', '/platform/tenants', bearer),
      await ask('POST', '/platform/tenants', bearer, { name: 'Mine', timeZone: 'UTC' }),
      await ask('PATCH', `/platform/tenants/${id}`, bearer, { name: 'Mine' }),
      await ask('POST', `/platform/tenants/${id}/deletion`, bearer, { name }),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([403, 403, 403, 403]);
    const nowhere = `/platform/tenants/${randomUUID()}`;
    expect((await ask('PATCH', nowhere, owner, { name: 'x' })).statusCode).toBe(404);
    expect((await ask('POST', `${nowhere}/deletion`, owner, { name: 'x' })).statusCode).toBe(404);
  });
});

describe('[S48] a person of two call centres', () => {
  it('is answered of each by its own token only, whichever was asked for before, and nothing is to be kept', async () => {
    const { tenantId, tenantB } = server.test;
    const accountId = await server.addAccount('alternating@example.test', 'manager');
    await join(tenantB, accountId, 'manager');
    await inTenant(server.test.db, tenantB, (tx) => append(tx, [item('b', { queue: 'only-b' })]));
    const a = await signIn('alternating@example.test');
    const b = signedIn(await switchTo((await signIn('alternating@example.test')).cookie, tenantB));
    for (let round = 0; round < 3; round++) {
      for (const [{ bearer }, name, hasB] of [
        [a, 'Tenant A', false],
        [b, 'Tenant B', true],
      ] as const) {
        const settings = await ask('GET', '/settings', bearer);
        expect([settings.json().data.name, settings.headers['cache-control']]).toEqual([name, 'no-store']);
        const queues = await ask('GET', '/settings/queues', bearer);
        expect(queues.body.includes('only-b')).toBe(hasB);
      }
    }
    expect([a.tenant.id, b.tenant.id]).toEqual([tenantId, tenantB]);
  });

  it('switches: one session ends, one begins, and signing in leads to the last', async () => {
    const { tenantId, tenantB } = server.test;
    const accountId = await server.addAccount('both@example.test', 'viewer');
    await join(tenantB, accountId, 'manager');
    const first = await signIn('both@example.test');
    expect(first.tenant.id).toBe(tenantId);
    expect(first.tenants).toEqual([
      { id: tenantId, name: 'Tenant A' },
      { id: tenantB, name: 'Tenant B' },
    ]);
    expect((await ask('GET', '/settings', first.bearer)).statusCode).toBe(403);

    const second = signedIn(await switchTo(first.cookie, tenantB));
    expect(second.tenant.id).toBe(tenantB);
    expect((await ask('GET', '/settings', second.bearer)).json().data.name).toBe('Tenant B');
    await until(
      async () => (await ask('GET', '/live/health', first.bearer)).statusCode === 401,
      'the first session has ended',
    );
    expect((await ask('POST', '/sessions/refresh', { cookie: first.cookie })).statusCode).toBe(401);
    expect((await signIn('both@example.test')).tenant.id).toBe(tenantB);
    const audit = await inTenant(
      server.test.db,
      tenantB,
      (tx) => tx`select before, after from analytics_audit_log
        where action = 'session.switched' and actor_name = 'both@example.test'`,
    );
    // That they came, and not from where: that is the other's business.
    expect(audit).toEqual([{ before: null, after: null }]);
  });

  it('goes nowhere else: another tenant is not found, and the session goes on', async () => {
    await server.addAccount('one@example.test', 'viewer');
    const { cookie } = await signIn('one@example.test');
    for (const nowhere of [server.test.tenantB, randomUUID()]) {
      expect((await switchTo(cookie, nowhere)).statusCode).toBe(404);
    }
    expect((await switchTo(cookie, server.test.tenantId, { origin: 'https://evil.test' })).statusCode).toBe(
      403,
    );
    expect((await ask('POST', '/sessions/switch', {}, { tenantId: randomUUID() })).statusCode).toBe(401);
    expect((await ask('POST', '/sessions/refresh', { cookie })).statusCode).toBe(200);
  });

  it('[S11] a used cookie switches nobody, and ends its family', async () => {
    const accountId = await server.addAccount('copied@example.test', 'viewer');
    await join(server.test.tenantB, accountId, 'viewer');
    const { cookie } = await signIn('copied@example.test');
    const next = signedIn(await ask('POST', '/sessions/refresh', { cookie }));
    expect((await switchTo(cookie, server.test.tenantB)).statusCode).toBe(401);
    expect((await ask('POST', '/sessions/refresh', { cookie: next.cookie })).statusCode).toBe(401);
  });
});

describe('[S51] a call centre that is deleted', () => {
  it('while connected: everybody is shown out within a second, keys and sessions open nothing, state is freed', async () => {
    const id = await make('Doomed');
    const accountId = await server.addAccount('doomed@example.test', 'viewer');
    await join(id, accountId, 'admin');
    const { cookie } = await signIn('doomed@example.test');
    const { bearer } = signedIn(await switchTo(cookie, id));
    const key = (await ask('POST', '/api-keys', bearer, { name: 'k', scopes: ['live:read'] })).json().data
      .key;
    const byKey = { authorization: `Bearer ${key}` };
    await inTenant(server.test.db, id, (tx) => append(tx, [item('a')]));
    for (const who of [bearer, byKey]) {
      for (const open of [plainClient, socketIoClient]) {
        const client = await open(url, who);
        clients.push(client);
        client.send({ type: 'subscribe', scope: {} });
        await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
      }
    }
    expect(server.parts.live.health(id).sockets.streams).toBe(1);

    const deleted = await ask('POST', `/platform/tenants/${id}/deletion`, owner, { name: 'Doomed' });
    expect(deleted.statusCode, deleted.body).toBe(204);
    const at = performance.now();
    for (const client of clients) await until(() => client.closed() !== null, 'the socket is closed');
    expect(performance.now() - at).toBeLessThan(1_000);
    for (const client of clients) {
      expect(client.told.find(({ type }) => type === 'bye')).toMatchObject({
        code: 4103,
        retryAfterMs: null,
      });
    }
    for (const who of [bearer, byKey]) expect((await ask('GET', '/live/health', who)).statusCode).toBe(401);
    // Freed, and not to be brought back by what was let in just before.
    expect(() => server.parts.live.health(id)).toThrow('nothing at this address');
    // A member elsewhere, too: that is what is left.
    expect((await signIn('doomed@example.test')).tenants.map((tenant) => tenant.id)).toEqual([
      server.test.tenantId,
    ]);
  });

  it('takes its log with it, in batches, also when whoever began has stopped; its neighbours keep theirs', async () => {
    const id = await make('Logged');
    for (const tenant of [id, server.test.tenantId]) {
      await inTenant(server.test.db, tenant, (tx) =>
        append(
          tx,
          Array.from({ length: 25 }, (_, i) => item(`log-${i}`)),
        ),
      );
    }
    const [{ neighbour } = { neighbour: 0 }] = await server.test.ownerSql<{ neighbour: number }[]>`
      select count(*)::int as neighbour from call_events where tenant_id = ${server.test.tenantId}`;
    await server.parts.db.sql`select delete_tenant(${id}, 'test')`;
    // One batch by somebody who then stops.
    await server.test.db.sql`select sweep_tenant_logs(10)`;
    const left = async () => {
      const [row] = await server.test.ownerSql<{ events: number; keys: number }[]>`
        select (select count(*)::int from call_events where tenant_id = ${id}) as events,
          (select count(*)::int from event_keys where tenant_id = ${id}) as keys`;
      return row;
    };
    expect(await left()).toEqual({ events: 15, keys: 15 });
    const sweeper = startSweeper({ db: server.test.db, log: silent, batch: 4 });
    await until(async () => (await left())?.events === 0, 'the log is gone');
    await until(async () => {
      const [row] = await server.test.ownerSql`select swept_at from tenant_deletions where id = ${id}`;
      return row?.swept_at;
    }, 'that is noted');
    await sweeper.close();
    expect(await left()).toEqual({ events: 0, keys: 0 });
    const [after] = await server.test.ownerSql`
      select count(*)::int as neighbour from call_events where tenant_id = ${server.test.tenantId}`;
    expect(after).toEqual({ neighbour });
  });

  it('takes all it had: every table with a tenant_id goes by a foreign key, or is swept', async () => {
    const kept = await server.test.ownerSql<{ table: string }[]>`
      with recursive goes as (
        select 'tenants'::regclass::oid as table
        union
        select k.conrelid from pg_constraint k join goes on k.confrelid = goes.table
        where k.contype = 'f' and k.confdeltype = 'c'
      )
      select c.relname::text as table from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.oid not in (select goes.table from goes) order by 1`;
    expect(kept.map(({ table }) => table)).toEqual(['call_events', 'event_keys']);
  });

  it('accepts no event any more, whoever still tries', async () => {
    const id = await make('Silent');
    await server.parts.db.sql`select delete_tenant(${id}, 'test')`;
    await expect(inTenant(server.test.db, id, (tx) => append(tx, [item('late')]))).rejects.toThrow(
      'no tenant',
    );
  });

  it('forgets accounts that were in no other, but never a platform owner, and says who deleted it', async () => {
    const id = await make('Lonely');
    const only = randomUUID();
    await server.test.db.sql`select create_account(${only}, 'only@example.test', 'Only', 'none')`;
    await join(id, only, 'viewer');
    const runsIt = randomUUID();
    await server.test.db.sql`select create_account(${runsIt}, 'runs@example.test', 'Runs it', 'none')`;
    await server.test.db.sql`select make_platform_owner('runs@example.test')`;
    await join(id, runsIt, 'admin');
    const answer = await ask('POST', `/platform/tenants/${id}/deletion`, owner, { name: 'Lonely' });
    expect(answer.statusCode).toBe(204);
    const left = await server.test.ownerSql`
      select email from accounts where email in ('only@example.test', 'runs@example.test')`;
    expect(left).toEqual([{ email: 'runs@example.test' }]);
    const [deletion] = await server.test
      .ownerSql`select name, deleted_by from tenant_deletions where id = ${id}`;
    expect(deletion).toEqual({ name: 'Lonely', deleted_by: 'owner@example.test' });
  });

  it('has been named once more, and is not the one the owner is in', async () => {
    const id = await make('Careful');
    const mistyped = await ask('POST', `/platform/tenants/${id}/deletion`, owner, { name: 'careful' });
    expect([mistyped.statusCode, mistyped.json().error.issues[0].path]).toEqual([400, 'name']);
    const own = await ask('POST', `/platform/tenants/${server.test.tenantId}/deletion`, owner, {
      name: 'Tenant A',
    });
    expect(own.statusCode).toBe(409);
    const names = (await ask('GET', '/platform/tenants', owner))
      .json()
      .data.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['Careful', 'Tenant A']));
  });
});
