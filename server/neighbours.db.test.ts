import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTenant } from './db/connect.ts';
import { append, until } from './live/testing.ts';
import { createTestApp, type TestApp } from './testing.ts';

/** Two tenants with the same queue, agent and call: what one is answered is never what the other was. */

let server: TestApp;
const bearers: Record<string, string>[] = [];
beforeAll(async () => {
  server = await createTestApp();
  const { test, addAccount } = server;
  const { db, tenantId, tenantB } = test;
  await addAccount('a@example.test', 'admin');
  const b = await addAccount('b@example.test', 'admin');
  await inTenant(db, tenantId, (tx) => tx`delete from memberships where account_id = ${b}`);
  await inTenant(
    db,
    tenantB,
    (tx) => tx`insert into memberships (tenant_id, account_id, role) values (${tenantB}, ${b}, 'admin')`,
  );
  for (const email of ['a@example.test', 'b@example.test']) {
    bearers.push((await server.signIn(email)).bearer);
  }
});
afterAll(() => server.close());

function ask(whose: number, url: string, more: Record<string, string> = {}) {
  return server.app.inject({ url: `/api/v1${url}`, headers: { ...bearers[whose], ...more } });
}
const offered = async (whose: number, query: string): Promise<number> =>
  (await ask(whose, `/metrics/live?window=last30&${query}`)).json().data.queues[0]?.offered ?? 0;
const waiting = (callId: string) => ({
  kind: 'call.queued',
  occurredAt: Date.now() - 1_000,
  callId,
  queue: 'sales',
  origin: 'inbound',
});

it('[S48] the same question of two tenants has two answers, now and as of any instant, asked in any order', async () => {
  const { db, tenantId, tenantB } = server.test;
  const seqA = await append(db, tenantId, [waiting('1'), waiting('2')]);
  const seqB = await append(db, tenantB, [waiting('1')]);
  expect([await offered(0, `minSeq=${seqA}`), await offered(1, `minSeq=${seqB}`)]).toEqual([2, 1]);
  const asOf = `asOf=${new Date().toISOString()}`;
  const asked = [
    await offered(0, asOf),
    await offered(1, asOf),
    await offered(1, asOf),
    await offered(0, asOf),
  ];
  expect(asked).toEqual([2, 1, 1, 2]);
});

it('[S48] no answer of the API is kept by anybody on the way', async () => {
  for (const { url } of server.routes.filter(
    (route) => route.method === 'GET' && route.url.startsWith('/api/'),
  )) {
    const answer = await ask(0, url.replace('/api/v1', '').replace(/:\w+/g, 'none'));
    // What has a name of its own may stay with who asked, and is asked for again each time.
    const allowed = answer.headers.etag === undefined ? 'no-store' : 'private, no-cache';
    expect([url, answer.headers['cache-control']]).toEqual([url, allowed]);
  }
});

it('[S49] a forged notification is a hint: it moves no number and ends nobody’s session', async () => {
  const { db, tenantId } = server.test;
  const before = await offered(0, '');
  const [me] = await server.test.ownerSql<
    { id: string }[]
  >`select id from accounts where email = 'a@example.test'`;
  for (const [channel, payload] of [
    ['callboard_events', tenantId],
    ['callboard_events', "'; drop table call_events; --"],
    ['callboard_events', '{"offered":99}'],
    ['callboard_access', me?.id ?? ''],
    ['callboard_access', 'everybody'],
    ['callboard_access', ''],
  ] as const) {
    await db.sql`select pg_notify(${channel}, ${payload})`;
  }
  // What comes after them has been heard after them.
  const seq = await append(db, tenantId, [waiting('3')]);
  expect(await offered(0, `minSeq=${seq}`)).toBe(before + 1);
  await until(async () => (await ask(0, '/settings')).statusCode === 200, 'the session holds');
});
