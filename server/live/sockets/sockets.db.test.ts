import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { ServerMessage } from '../../../shared/contract/protocol.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { append, until } from '../testing.ts';
import { type LiveServer, startLive } from '../testServer.ts';
import { type Client, plainClient, socketIoClient, valuesOf } from './clients.ts';

let test: TestDatabase;
let server: LiveServer;
const clients: Client[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  server = await startLive(test.db);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await server.close();
  await test.close();
});

const TRANSPORTS = [
  ['plain WebSocket', plainClient],
  ['Socket.IO', socketIoClient],
] as const;

const kept = <C extends Client>(client: C): C => {
  clients.push(client);
  return client;
};
const types = (client: Client) => client.told.map(({ type }) => type);
const heard = (client: Client, type: ServerMessage['type']) =>
  until(() => types(client).includes(type), `a ${type} arrives`);
const queued = (callId: string, queue = 'q') => [
  { kind: 'call.queued', occurredAt: Date.now(), callId, queue, origin: 'inbound' },
];

/** Signed in and subscribed, with its snapshot. */
async function viewer(open: (typeof TRANSPORTS)[number][1], tenantId: string, scope = {}, url = server.url) {
  const client = kept(await open(url));
  client.send({ type: 'authenticate', token: tenantId, ref: 'a' });
  client.send({ type: 'subscribe', scope, ref: 's' });
  await heard(client, 'snapshot');
  return client;
}

it.each(TRANSPORTS)('tells a %s client a snapshot and then every change', async (_, open) => {
  const client = await viewer(open, test.tenantId);
  expect(types(client).slice(0, 2)).toEqual(['authenticated', 'status']);
  expect(client.told[0]).toMatchObject({ ref: 'a' });
  const snapshot = client.told.find(({ type }) => type === 'snapshot');
  expect(snapshot).toMatchObject({ ref: 's', version: 1 });
  const last = await append(test.db, test.tenantId, queued(crypto.randomUUID()));
  await until(() => valuesOf(client).seq >= last, 'the change arrives');
  expect(valuesOf(client).values['queue:today:q']).toMatchObject({ queueId: 'q', name: 'q' });
});

it('[L8] gives both transports the same offsets and the same bytes', async () => {
  const tenantId = await test.newTenant('both');
  const plain = await viewer(plainClient, tenantId);
  const socketIo = await viewer(socketIoClient, tenantId);
  let last = 0;
  for (let i = 0; i < 5; i++) {
    last = await append(test.db, tenantId, queued(`c${i}`));
    await until(() => valuesOf(plain).seq >= last && valuesOf(socketIo).seq >= last, 'both have it');
  }
  expect(valuesOf(plain)).toEqual(valuesOf(socketIo));
  const patches = (client: Client) => client.told.filter(({ type }) => type === 'patch');
  const shared = patches(socketIo).length;
  expect(shared).toBeGreaterThan(0);
  expect(patches(plain).slice(-shared)).toEqual(patches(socketIo));
});

it('[L8] keeps streams of different scopes apart, and equal ones together however they are written', async () => {
  const tenantId = await test.newTenant('scopes');
  const calls = await viewer(plainClient, tenantId, { kinds: ['call'] });
  await viewer(plainClient, tenantId, { kinds: ['queue', 'tenant'], windows: ['today', 'last15'] });
  await viewer(plainClient, tenantId, { kinds: ['tenant', 'queue'], windows: ['last15', 'today'] });
  expect(server.live.health(tenantId).sockets.streams).toBe(2);
  const last = await append(test.db, tenantId, queued('c'));
  await until(() => valuesOf(calls).seq >= last, 'the call arrives');
  expect(Object.keys(valuesOf(calls).values)).toEqual(['call:c']);
});

it('[L6] broadcasts nothing while nothing changes', async () => {
  const tenantId = await test.newTenant('idle');
  const client = await viewer(plainClient, tenantId);
  const before = client.told.length;
  // The server measures every 100 ms: a later viewer of another scope has been through several rounds.
  for (let round = 0; round < 3; round++) await viewer(plainClient, tenantId, { windows: ['last15'] });
  expect(client.told.length).toBe(before);
});

it('keeps two tenants apart', async () => {
  const other = await viewer(plainClient, test.tenantB);
  const own = await viewer(plainClient, test.tenantId);
  const last = await append(test.db, test.tenantId, queued('secret'));
  await until(() => valuesOf(own).seq >= last, 'its own tenant sees it');
  await append(test.db, test.tenantB, queued('visible'));
  await until(() => 'call:visible' in valuesOf(other).values, 'the other sees its own');
  expect(JSON.stringify(other.told)).not.toContain('secret');
});

it.each(TRANSPORTS)('takes the token of the Authorization header (%s)', async (_, open) => {
  const client = kept(await open(server.url, { authorization: `Bearer ${test.tenantId}` }));
  client.send({ type: 'subscribe', scope: {} });
  await heard(client, 'snapshot');
});

it.each(TRANSPORTS)('[S32] answers any claimed position with a snapshot (%s)', async (_, open) => {
  const client = await viewer(open, test.tenantId);
  client.send({ type: 'subscribe', scope: {}, epoch: 'another', offset: 999_999, ref: 'again' });
  await until(() => client.told.some((message) => 'ref' in message && message.ref === 'again'), 'a snapshot');
  client.send({ type: 'ping', ref: 'p' });
  await heard(client, 'pong');
  valuesOf(client);
});

it('[S20] refuses pages of other sites, and null', async () => {
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${server.port + 1}`]) {
    for (const path of ['/ws/v1/live', '/socket.io/?EIO=4&transport=websocket']) {
      expect(await refusal(path, { origin })).toBe(403);
    }
  }
  const own = new WebSocket(`ws://127.0.0.1:${server.port}/ws/v1/live`, { origin: server.url });
  await once(own, 'open');
  own.terminate();
});

it('[S22] refuses a token in the address', async () => {
  expect(await refusal(`/ws/v1/live?token=${test.tenantId}`)).toBe(400);
  expect(await refusal('/elsewhere')).toBe(404);
});

it('[L7] refuses Socket.IO over polling', async () => {
  expect((await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(404);
});

async function refusal(
  path: string,
  headers: Record<string, string> = {},
  port = server.port,
): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  const [request, response] = await once(socket, 'unexpected-response');
  request.destroy();
  return response.statusCode;
}

it.each(TRANSPORTS)(
  'refuses to subscribe before anybody signed in, and a bad token (%s)',
  async (_, open) => {
    const client = kept(await open(server.url));
    client.send({ type: 'subscribe', scope: {}, ref: 'early' });
    await heard(client, 'error');
    client.send({ type: 'authenticate', token: 'forged' });
    await until(() => client.closed(), 'it is closed');
    expect(client.told.at(-1)).toMatchObject({ type: 'bye', code: 4100, retryAfterMs: null });
  },
);

it.each(TRANSPORTS)('[S21] closes a client that never signs in (%s)', async (_, open) => {
  const impatient = await startLive(test.db, { intervals: { session: { greetingMs: 30 } } });
  const client = kept(await open(impatient.url));
  await until(() => client.closed(), 'it is closed');
  expect(client.told.at(-1)).toMatchObject({ type: 'bye', code: 4100 });
  await impatient.close();
});

it.each(TRANSPORTS)('[S14] closes when the token expires, unless a newer one came (%s)', async (_, open) => {
  const client = kept(await open(server.url));
  client.send({ type: 'authenticate', token: `${test.tenantId}@${Date.now() + 300}` });
  await heard(client, 'authenticated');
  const renewed = kept(await open(server.url));
  renewed.send({ type: 'authenticate', token: `${test.tenantId}@${Date.now() + 300}` });
  renewed.send({ type: 'authenticate', token: test.tenantId });
  await until(() => client.closed(), 'the first is closed');
  expect(client.told.at(-1)).toMatchObject({ type: 'bye', code: 4003, retryAfterMs: 0 });
  expect(renewed.closed()).toBeNull();
});

it('a connection stays with the tenant it began with', async () => {
  const client = await viewer(plainClient, test.tenantId);
  client.send({ type: 'authenticate', token: test.tenantB });
  await until(() => client.closed() === 4101, 'it is closed');
});

it.each(TRANSPORTS)('[S27] closes a client that floods it (%s)', async (_, open) => {
  const client = await viewer(open, test.tenantId);
  for (let i = 0; i < 1_000; i++) client.send({ type: 'ping' });
  await until(() => client.closed(), 'it is closed');
  expect(client.told.at(-1)).toMatchObject({ type: 'bye', code: 4102 });
});

const PINGS = { pings: { pingMs: 20, pongMs: 1_000 } };

it('[S31] cuts off whoever answers no ping (plain WebSocket)', async () => {
  const strict = await startLive(test.db, { intervals: PINGS });
  const deaf = new WebSocket(`ws://127.0.0.1:${strict.port}/ws/v1/live`, { autoPong: false });
  const cutOff = once(deaf, 'close');
  const polite = await viewer(plainClient, test.tenantId, {}, strict.url);
  expect((await cutOff)[0]).toBe(1006);
  expect(polite.closed()).toBeNull();
  await strict.close();
});

it('[S31] cuts off whoever answers no ping (Socket.IO)', async () => {
  const strict = await startLive(test.db, { intervals: PINGS });
  // Speaks Engine.IO by hand, and never answers its ping "2" with "3".
  const deaf = new WebSocket(`ws://127.0.0.1:${strict.port}/socket.io/?EIO=4&transport=websocket`);
  deaf.on('message', (data: Buffer) => {
    if (data.toString().startsWith('0')) deaf.send('40/live,');
  });
  const began = performance.now();
  await once(deaf, 'close');
  // Sooner than whoever does not sign in, and than Engine.IO's own idea of patience.
  expect(performance.now() - began).toBeLessThan(5_000);
  await strict.close();
});

it('[S34] sends the last state and says when to come back as the server closes', async () => {
  const closing = await startLive(test.db, { intervals: { broadcast: { flushMs: 60_000, tickMs: 60_000 } } });
  const tenantId = await test.newTenant('closing');
  const plain = await viewer(plainClient, tenantId, {}, closing.url);
  const socketIo = await viewer(socketIoClient, tenantId, {}, closing.url);
  const last = await append(test.db, tenantId, queued('last'));
  await until(() => closing.live.health(tenantId).feed.seq >= last, 'it is folded');
  await closing.close();
  await until(() => plain.closed() && socketIo.closed(), 'both are closed');
  for (const client of [plain, socketIo]) {
    expect(valuesOf(client).values).toHaveProperty('call:last');
    expect(client.told.at(-1)).toMatchObject({ type: 'bye', code: 4000, retryAfterMs: expect.any(Number) });
  }
  expect(socketIo.closed()).toBe('transport close'); // After which its client reconnects by itself.
});

it('serves everything under the base path, and nothing outside it', async () => {
  const based = await startLive(test.db, { basePath: '/board' });
  const socket = new WebSocket(`ws://127.0.0.1:${based.port}/board/ws/v1/live`);
  await once(socket, 'open');
  socket.terminate();
  expect(await refusal('/ws/v1/live', {}, based.port)).toBe(404);
  await based.close();
});

it('survives upgrades that break off or make no sense', async () => {
  for (const text of [
    'GET /ws/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  ]) {
    const raw = connect(server.port, '127.0.0.1');
    raw.on('error', () => {}).resume();
    raw.write(text);
    await once(raw, 'close', { signal: AbortSignal.timeout(20_000) }).finally(() => raw.destroy());
  }
  await viewer(plainClient, test.tenantId);
});
