import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOwner, resetLink } from '../cli/accounts.ts';
import { inTenant } from '../db/connect.ts';
import { append, item } from '../db/testing/items.ts';
import { silent, until } from '../live/testing.ts';
import { type PlatformTest, signedIn, startPlatform } from './testing.ts';

let server: PlatformTest['server'];
let owner: PlatformTest['owner'];
let ask: PlatformTest['ask'];
let signIn: PlatformTest['signIn'];
let switchTo: PlatformTest['switchTo'];
let join: PlatformTest['join'];

beforeAll(async () => {
  ({ server, owner, ask, signIn, switchTo, join } = await startPlatform());
});
afterAll(() => server.close());

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

  it('is helped to another password by the command line, as no link of theirs is shown to anybody', async () => {
    await server.addAccount('locked-out@example.test', 'viewer');
    await server.test.db.sql`select make_platform_owner('locked-out@example.test')`;
    const env = { DATABASE_URL: server.test.databaseUrl, PUBLIC_URL: 'https://wall.example.test' };
    await expect(resetLink('nobody@example.test', env, silent)).rejects.toThrow('invite them first');
    const link = await resetLink('Locked-Out@example.test', env, silent);
    const [, token] = /^https:\/\/wall\.example\.test\/#\/password\/([\w-]{43})$/.exec(link) ?? [];
    const password = 'chosen by a link';
    expect((await ask('POST', '/password-resets/use', {}, { token, password })).statusCode).toBe(204);
    const payload = { email: 'locked-out@example.test', password };
    expect((await ask('POST', '/sessions', {}, payload)).statusCode).toBe(200);
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
