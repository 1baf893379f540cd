import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Client, watchBoth } from '../live/sockets/clients.ts';
import { until } from '../live/testing.ts';
import { type Bearer, bearerOf, createTestApp, PASSWORD, type TestApp } from '../testing.ts';

/** [S13] Whoever loses a right loses it at once: on open sockets of both transports, and for tokens already given out. */

const NEW_PASSWORD = 'another password of tests';

let server: TestApp;
let url: string;
const clients: Client[] = [];

beforeAll(async () => {
  server = await createTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Listening on TCP, so it is not a pipe's name.
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.close());

const ask: TestApp['ask'] = (...asked) => server.ask(...asked);
const signIn = async (email: string, password?: string): Promise<Bearer> =>
  (await server.signIn(email, password)).bearer;
const mayLook = async (bearer: Bearer) => (await ask('GET', '/live/health', bearer)).statusCode;

async function watching(bearer: Bearer): Promise<Client[]> {
  const both = await watchBoth(url, bearer);
  clients.push(...both);
  return both;
}

/** Told that nothing is gained by coming back with the same token, and cut off. */
async function expectEvicted(watchers: Client[]): Promise<void> {
  for (const client of watchers) {
    await until(() => client.closed() !== null, 'the socket is closed');
    const bye = client.told.find(({ type }) => type === 'bye');
    expect(bye).toMatchObject({ code: 4103, retryAfterMs: null });
  }
}

describe('[S13]', () => {
  it('an account that is disabled is gone from its screens and from the API', async () => {
    const id = await server.addAccount('disabled@example.test', 'viewer');
    const bearer = await signIn('disabled@example.test');
    const watchers = await watching(bearer);
    await server.test.ownerSql`update accounts set disabled_at = now() where id = ${id}`;
    await expectEvicted(watchers);
    expect(await mayLook(bearer)).toBe(401);
  });

  it('a membership that ends takes its sessions with it', async () => {
    const id = await server.addAccount('left@example.test', 'viewer');
    const bearer = await signIn('left@example.test');
    const watchers = await watching(bearer);
    await server.test.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${server.test.tenantId}, true)`;
      await tx`delete from memberships where account_id = ${id}`;
    });
    await expectEvicted(watchers);
    expect(await mayLook(bearer)).toBe(401);
  });

  it('a role that is lowered counts at once for tokens given out before; the screens go on', async () => {
    const id = await server.addAccount('lowered@example.test', 'manager');
    const bearer = await signIn('lowered@example.test');
    const watchers = await watching(bearer);
    expect((await ask('GET', '/settings', bearer)).statusCode).toBe(200);
    await server.test.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${server.test.tenantId}, true)`;
      await tx`update memberships set role = 'viewer' where account_id = ${id}`;
    });
    await until(async () => (await ask('GET', '/settings', bearer)).statusCode === 403, 'the role counts');
    expect(await mayLook(bearer)).toBe(200);
    expect(watchers.map((client) => client.closed())).toEqual([null, null]);
  });

  it('a password that is changed ends every session but the one that changed it', async () => {
    await server.addAccount('changed@example.test', 'viewer');
    const here = await signIn('changed@example.test');
    const elsewhere = await signIn('changed@example.test');
    const [mine, theirs] = [await watching(here), await watching(elsewhere)];
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await ask('PUT', '/account/password', here, change)).statusCode).toBe(204);
    await expectEvicted(theirs);
    expect(await mayLook(elsewhere)).toBe(401);
    expect(await mayLook(here)).toBe(200);
    expect(mine.map((client) => client.closed())).toEqual([null, null]);
    await signIn('changed@example.test', NEW_PASSWORD);
  });

  it('a password that is changed while somebody signs in with the old one leaves him no session', async () => {
    const { ownerSql } = server.test;
    const id = await server.addAccount('meeting@example.test', 'viewer');
    const payload = { email: 'meeting@example.test', password: PASSWORD };
    const signing = await ownerSql.begin(async (tx) => {
      await tx`update accounts set password_hash = 'another' where id = ${id}`;
      const answer = server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
      const waiting = () => ownerSql`
        select from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%password_hash%for share%' and datname = current_database()`;
      await expect.poll(async () => (await waiting()).length).toBe(1);
      await tx`select end_sessions(${id}, null)`;
      return { answer };
    });
    expect((await signing.answer).statusCode).toBe(401);
    expect(await ownerSql`select from refresh_tokens where account_id = ${id}`).toHaveLength(0);
  });

  it('a password that a link has just changed is not changed back by who knows the old one', async () => {
    const { ownerSql, tenantId } = server.test;
    const accountId = await server.addAccount('changing@example.test', 'viewer');
    const bearer = await signIn('changing@example.test');
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const changing = await ownerSql.begin(async (tx) => {
      await tx`update accounts set password_hash = 'another' where id = ${accountId}`;
      const answer = ask('PUT', '/account/password', bearer, change);
      const waiting = () => ownerSql`
        select from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%update accounts set password_hash%' and pid <> pg_backend_pid()
          and datname = current_database()`;
      await expect.poll(async () => (await waiting()).length).toBe(1);
      return { answer };
    });
    expect((await changing.answer).statusCode).toBe(403);
    const [account] = await ownerSql`
      select password_hash from accounts join memberships on account_id = id
      where id = ${accountId} and tenant_id = ${tenantId}`;
    expect(account?.password_hash).toBe('another');
  });

  it('[L3] a change nobody was told of counts as soon as the node listens anew', async () => {
    const id = await server.addAccount('unheard@example.test', 'viewer');
    const bearer = await signIn('unheard@example.test');
    const watchers = await watching(bearer);
    await server.test.ownerSql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`; // No trigger runs, so nobody is notified.
      await tx`update accounts set disabled_at = now() where id = ${id}`;
    });
    await server.test.ownerSql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'callboard listener' and datname = current_database()`;
    await expectEvicted(watchers);
    expect(await mayLook(bearer)).toBe(401);
  });

  it('an API key that is revoked reads nothing more', async () => {
    await server.addAccount('admin@example.test', 'admin');
    const admin = await signIn('admin@example.test');
    const made = await ask('POST', '/api-keys', admin, { name: 'screen', scopes: ['live:read'] });
    const { id, key } = made.json().data;
    const bearer = bearerOf(key);
    const watchers = await watching(bearer);
    expect((await ask('DELETE', `/api-keys/${id}`, admin)).statusCode).toBe(204);
    await expectEvicted(watchers);
    expect(await mayLook(bearer)).toBe(401);
  });
});

describe('own sessions', () => {
  it('are listed with where they are used from, and end one by one or all at once', async () => {
    await server.addAccount('own@example.test', 'viewer');
    const [first, second, third] = [
      await signIn('own@example.test'),
      await signIn('own@example.test'),
      await signIn('own@example.test'),
    ];
    const listed = (await ask('GET', '/account/sessions', first)).json().data;
    expect(listed).toHaveLength(3);
    expect(listed.filter((one: { isCurrent: boolean }) => one.isCurrent)).toHaveLength(1);
    expect(listed[0]).toMatchObject({ userAgent: 'Test browser', address: '127.0.0.1' });

    const mine = (await ask('GET', '/account/sessions', second)).json().data;
    const { id } = mine.find((one: { isCurrent: boolean }) => one.isCurrent);
    const watchers = await watching(second);
    expect((await ask('DELETE', `/account/sessions/${id}`, first)).statusCode).toBe(204);
    await expectEvicted(watchers);
    expect([await mayLook(first), await mayLook(second), await mayLook(third)]).toEqual([200, 401, 200]);

    expect((await ask('DELETE', '/account/sessions', first)).statusCode).toBe(204);
    await until(async () => (await mayLook(third)) === 401, 'the last session has ended');
    expect(await mayLook(first)).toBe(401);
  });

  it("of somebody else are nobody's to see or end", async () => {
    await server.addAccount('one@example.test', 'viewer');
    await server.addAccount('two@example.test', 'admin');
    const [one, two] = [await signIn('one@example.test'), await signIn('two@example.test')];
    const [{ id }] = (await ask('GET', '/account/sessions', one)).json().data;
    const ids = (await ask('GET', '/account/sessions', two)).json().data.map((own: { id: string }) => own.id);
    expect(ids).not.toContain(id);
    expect((await ask('DELETE', `/account/sessions/${id}`, two)).statusCode).toBe(404);
    expect(await mayLook(one)).toBe(200);
  });

  it('[S74] a stolen token does not find the password by trying', async () => {
    await server.addAccount('tried@example.test', 'viewer');
    const bearer = await signIn('tried@example.test');
    const wrong = { currentPassword: 'wrong', newPassword: NEW_PASSWORD };
    for (let i = 0; i < 10; i++) {
      const answer = await ask('PUT', '/account/password', bearer, wrong);
      expect([answer.statusCode, answer.json().error.issues[0].path]).toEqual([403, 'currentPassword']);
    }
    expect((await ask('PUT', '/account/password', bearer, wrong)).statusCode).toBe(429);
    const short = { currentPassword: PASSWORD, newPassword: 'short' };
    expect((await ask('PUT', '/account/password', bearer, short)).json().error.issues[0].path).toBe(
      'newPassword',
    );
  });
});
