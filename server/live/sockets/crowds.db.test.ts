import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { until } from '../testing.ts';
import { type LiveServer, startLive } from '../testServer.ts';
import { type Client, plainClient, socketIoClient } from './clients.ts';

/** Too many at once: of one address, of one account, and everybody after a restart. */

let test: TestDatabase;
const servers: LiveServer[] = [];
const clients: Client[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => test.close());

async function start(options: Parameters<typeof startLive>[1]): Promise<LiveServer> {
  const server = await startLive(test.db, options);
  servers.push(server);
  return server;
}
const kept = <C extends Client>(client: C): C => {
  clients.push(client);
  return client;
};
const hasSnapshot = (client: Client) => client.told.some(({ type }) => type === 'snapshot');
const byeOf = (client: Client) => client.told.find((message) => message.type === 'bye');

/** The status of an upgrade, spoken by hand: thousands of WebSocket clients would be the slow part. */
async function upgrade(server: LiveServer, forwardedFor: string, keep = false): Promise<number> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `GET /ws/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Forwarded-For: ${forwardedFor}\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [data] = (await once(socket, 'data')) as [Buffer];
  if (keep) clients.push({ told: [], send() {}, closed: () => null, close: () => socket.destroy() });
  else socket.destroy();
  return Number(data.toString('latin1').split(' ')[1]);
}

it('[S28] 10,000 connects from one address are capped, and others do not notice', async () => {
  // They say and answer nothing, and none may be let go of for that while the others come, however slow the machine.
  const intervals = { session: { greetingMs: 300_000 }, pings: { pingMs: 300_000 } };
  const server = await start({ trustProxy: 'loopback', caps: { perAddress: 50 }, intervals });
  const statuses = new Map<number, number>();
  for (let round = 0; round < 100; round++) {
    const batch = await Promise.all(
      Array.from({ length: 100 }, () => upgrade(server, '198.51.100.1', round === 0)),
    );
    for (const status of batch) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(statuses.get(101)).toBe(50);
  expect(statuses.get(429)).toBe(9_950);
  expect(server.live.health(test.tenantId).sockets.connected).toBe(50);
  expect(await upgrade(server, '198.51.100.2')).toBe(101);
  const other = kept(await plainClient(server.url, { 'x-forwarded-for': '198.51.100.3' }));
  other.send({ type: 'authenticate', token: test.tenantId });
  other.send({ type: 'subscribe', scope: {} });
  await until(() => hasSnapshot(other), 'another address is served');
  expect(await server.registry.getSingleMetricAsString('callboard_live_capped_total')).toContain(' 9950');
}, 90_000);

it('[S28] [S72] a forwarded address counts only where the proxy is trusted', async () => {
  const server = await start({ caps: { perAddress: 2 } });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push(await upgrade(server, `198.51.100.${i}`, true));
  expect(statuses).toEqual([101, 101, 429, 429]);
});

it('[S28] a connection that ends makes room for the next', async () => {
  const server = await start({ caps: { perAddress: 10 } });
  for (let i = 0; i < 5; i++) await upgrade(server, 'x');
  await until(() => server.live.health(test.tenantId).sockets.connected === 0, 'all are gone');
  for (let i = 0; i < 5; i++) expect(await upgrade(server, 'x', true)).toBe(101);
});

it.each([
  ['plain WebSocket', plainClient],
  ['Socket.IO', socketIoClient],
] as const)(
  '[S28] an account has so many connections, and another account has its own (%s)',
  async (_, open) => {
    const server = await start({ caps: { perUser: 3 } });
    const come = async (token: string): Promise<Client> => {
      const client = kept(await open(server.url));
      client.send({ type: 'authenticate', token });
      client.send({ type: 'subscribe', scope: {} });
      await until(() => hasSnapshot(client) || client.closed() !== null, 'served or sent away');
      return client;
    };
    const first = await come(test.tenantId);
    for (let i = 0; i < 2; i++) expect(byeOf(await come(test.tenantId))).toBeUndefined();
    const fourth = await come(test.tenantId);
    expect(byeOf(fourth)).toMatchObject({ code: 4002, retryAfterMs: expect.any(Number) });
    expect(hasSnapshot(fourth)).toBe(false);
    expect(byeOf(await come(test.tenantB))).toBeUndefined();
    first.send({ type: 'authenticate', token: test.tenantId });
    await until(() => first.told.filter(({ type }) => type === 'authenticated').length === 2, 'it renews');

    first.close();
    await until(() => server.live.health(test.tenantId).sockets.connected === 3, 'the first is gone');
    expect(byeOf(await come(test.tenantId))).toBeUndefined();
  },
);

it('[S33] of a crowd that returns at once so many are looked at a time; the rest are told when, each another time', async () => {
  let looking = 0;
  let most = 0;
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = await start({
    caps: { arriving: 20 },
    async beforeVerify() {
      most = Math.max(most, ++looking);
      await gate;
      looking--;
    },
  });
  const crowd = await Promise.all(
    Array.from({ length: 100 }, async () => kept(await plainClient(server.url))),
  );
  for (const client of crowd) {
    client.send({ type: 'authenticate', token: test.tenantId });
    client.send({ type: 'subscribe', scope: {} });
  }
  await until(() => crowd.filter((client) => client.closed() !== null).length === 80, 'eighty are sent away');
  expect(most).toBe(20);
  const retries = crowd.flatMap((client) => byeOf(client) ?? []);
  expect(retries.map(({ code }) => code)).toEqual(Array(80).fill(4002));
  const times = retries.map(({ retryAfterMs }) => retryAfterMs ?? 0);
  expect(new Set(times).size).toBeGreaterThan(60);
  expect(Math.max(...times)).toBeLessThanOrEqual(5_500);

  open();
  await until(() => crowd.filter(hasSnapshot).length === 20, 'twenty are served');
  await until(async () => {
    const later = kept(await plainClient(server.url, { authorization: `Bearer ${test.tenantId}` }));
    later.send({ type: 'subscribe', scope: {} });
    await until(() => hasSnapshot(later) || later.closed() !== null, 'served or sent away');
    return hasSnapshot(later);
  }, 'they have made room');
});

it('[S33] who shows no token keeps nobody out', async () => {
  const server = await start({ caps: { arriving: 5 } });
  for (let i = 0; i < 20; i++) kept(await plainClient(server.url));
  const client = kept(await plainClient(server.url, { authorization: `Bearer ${test.tenantId}` }));
  client.send({ type: 'subscribe', scope: {} });
  await until(() => hasSnapshot(client), 'it is served');
});

it('[S67] a database that is away sends nobody away for good', async () => {
  const server = await start({
    async beforeVerify() {
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    },
  });
  const client = kept(await plainClient(server.url, { authorization: `Bearer ${test.tenantId}` }));
  await until(() => client.closed() !== null, 'it is closed');
  expect(byeOf(client)).toMatchObject({ code: 4002, retryAfterMs: expect.any(Number) });
});
