import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { append, item } from '../db/testing/items.ts';
import { type Client, plainClient, socketIoClient } from '../live/sockets/clients.ts';
import { AT_ONCE_MS, silent, until } from '../live/testing.ts';
import { signedIn } from '../testing.ts';
import { startSweeper } from './sweeper.ts';
import { type PlatformTest, startPlatform } from './testing.ts';

let server: PlatformTest['server'];
let owner: PlatformTest['owner'];
let ask: PlatformTest['ask'];
let signIn: PlatformTest['signIn'];
let switchTo: PlatformTest['switchTo'];
let make: PlatformTest['make'];
let join: PlatformTest['join'];
let url: string;
const clients: Client[] = [];

beforeAll(async () => {
  ({ server, owner, ask, signIn, switchTo, make, join } = await startPlatform());
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Listening on TCP, so it is not a pipe's name.
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.close());

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
    expect(performance.now() - at).toBeLessThan(AT_ONCE_MS);
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
    expect(kept.map(({ table }) => table)).toEqual([
      'agent_intervals',
      'agent_metrics',
      'agent_names',
      'agent_trends',
      'call_events',
      'dirty_buckets',
      'event_keys',
      'performance_trends',
      'queue_visits',
      'team_trends',
    ]);
  });

  it('accepts no event any more, whoever still tries', async () => {
    const id = await make('Silent');
    await server.parts.db.sql`select delete_tenant(${id}, 'test')`;
    await expect(inTenant(server.test.db, id, (tx) => append(tx, [item('late')]))).rejects.toThrow(
      'no tenant',
    );
  });

  it('[S49] is not one that somebody only says is gone: a forged notification shows nobody out', async () => {
    const id = await make('Slandered');
    const accountId = await server.addAccount('slandered@example.test', 'viewer');
    await join(id, accountId, 'admin');
    const { cookie } = await signIn('slandered@example.test');
    const { bearer } = signedIn(await switchTo(cookie, id));
    const client = await plainClient(url, bearer);
    clients.push(client);
    client.send({ type: 'subscribe', scope: {} });
    await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
    for (const payload of [id, 'no tenant at all', '']) {
      await server.test.db.sql`select pg_notify('callboard_tenants', ${payload})`;
    }
    // What came after it has been heard: so has the notification.
    await inTenant(server.test.db, id, (tx) => append(tx, [item('a')]));
    await until(() => client.told.some(({ type }) => type === 'patch'), 'an event arrives');
    expect(client.closed()).toBeNull();
    expect((await ask('GET', '/live/health', bearer)).statusCode).toBe(200);
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
