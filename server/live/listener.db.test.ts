import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { openProxy, through } from '../faults/tcpProxy.ts';
import { type Listener, type ListenerIntervals, startListener } from './listener.ts';
import { append, silent, until } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const FAST: ListenerIntervals = {
  heartbeatMs: 20,
  silenceMs: 200,
  connectMs: 2_000,
  backoffMs: 5,
  backoffLimitMs: 50,
};

/** A listener that notes what wakes it. */
function listen(directUrl = test.db.directUrl): { listener: Listener; wakes: (string | null)[] } {
  const wakes: (string | null)[] = [];
  const listener = startListener({
    directUrl,
    log: silent,
    intervals: FAST,
    onWake: (tenantId) => wakes.push(tenantId),
  });
  return { listener, wakes };
}

const refused = () => [
  { kind: 'call.refused', occurredAt: Date.now(), callId: 'c', queue: 'q', reason: 'closed' },
];

it('[L3] wakes with the tenant an event was appended for, and with null when it begins to listen', async () => {
  const { listener, wakes } = listen();
  await until(() => wakes.includes(null), 'the listener listens');
  await append(test.db, test.tenantB, refused());
  await until(() => wakes.includes(test.tenantB), 'the listener wakes');
  expect(wakes).not.toContain(test.tenantId);
  await listener.close();
});

it('[L4] notices a half-open connection by the missing heartbeat, and listens again', async () => {
  const { hostname, port } = new URL(test.db.directUrl);
  const proxy = await openProxy({ host: hostname, port: Number(port) });
  const { listener, wakes } = listen(through(proxy, test.db.directUrl));
  await until(() => listener.status().up, 'the listener is up');
  proxy.stall();
  await until(() => listener.status().rebuilds > 0, 'the listener is rebuilt');
  expect(wakes.filter((wake) => wake === null).length).toBeGreaterThanOrEqual(2);
  await append(test.db, test.tenantId, refused());
  await until(() => wakes.includes(test.tenantId), 'the new connection hears');
  await listener.close();
  await proxy.close();
});

it('[L4] comes back after its backend is killed', async () => {
  const { listener, wakes } = listen();
  await until(() => listener.status().up, 'the listener is up');
  await test.ownerSql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'callboard listener' and datname = current_database()`;
  await until(() => listener.status().rebuilds > 0 && listener.status().up, 'the listener is back');
  await append(test.db, test.tenantId, refused());
  await until(() => wakes.includes(test.tenantId), 'it hears');
  await listener.close();
});

it('[L4] waits longer and longer for a server that refuses, and listens once it accepts', async () => {
  const { hostname, port } = new URL(test.db.directUrl);
  const proxy = await openProxy({ host: hostname, port: Number(port) });
  proxy.refuse();
  const { listener, wakes } = listen(through(proxy, test.db.directUrl));
  await until(() => proxy.refusals() >= 3, 'it tries again');
  expect(listener.status().up).toBe(false);
  proxy.accept();
  await until(() => wakes.includes(null), 'it listens');
  await listener.close();
  await proxy.close();
});

it('leaves no connection behind when closed, whatever state it is in', async () => {
  const { listener } = listen();
  await until(() => listener.status().up, 'the listener is up');
  await listener.close();
  const open = () => test.ownerSql`
    select 1 from pg_stat_activity
    where application_name = 'callboard listener' and datname = current_database()`;
  await until(async () => (await open()).length === 0, 'the backend is gone');

  const unreachable = listen('postgres://nobody:x@127.0.0.1:1/none');
  await unreachable.listener.close();
  expect(unreachable.listener.status().up).toBe(false);
});
