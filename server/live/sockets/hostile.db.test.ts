import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { append, until } from '../testing.ts';
import { type LiveServer, startLive } from '../testServer.ts';
import { type Client, plainClient, valuesOf } from './clients.ts';

/** What nobody honest sends, and clients that do not read. */

let test: TestDatabase;
let server: LiveServer;
const opened: { terminate(): void }[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  // Patient with who does not read: on a loaded machine a test of them takes longer than a server waits.
  const LONG_MS = 600_000;
  const pings = { pingMs: LONG_MS, pongMs: LONG_MS };
  server = await startLive(test.db, { intervals: { pings, session: { behindMs: LONG_MS } } });
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
});
afterAll(async () => {
  await server.close();
  await test.close();
});

function raw(path: string, from = server): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${from.port}${path}`);
  socket.on('error', () => {});
  opened.push(socket);
  return socket;
}

/** A Socket.IO connection spoken by hand, joined to the namespace. */
async function rawSocketIo(): Promise<WebSocket> {
  const socket = raw('/socket.io/?EIO=4&transport=websocket');
  const joined = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) socket.send('40/live,');
      if (text.startsWith('40/live')) resolve();
      if (text === '2') socket.send('3');
    });
  });
  await joined;
  return socket;
}

async function viewer(from = server, tenantId = test.tenantId): Promise<Client & { socket: WebSocket }> {
  const client = await plainClient(from.url, { authorization: `Bearer ${tenantId}` });
  opened.push(client.socket);
  client.send({ type: 'subscribe', scope: {} });
  await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
  return client;
}

const serverLives = () => viewer();

it('[S25] closes a frame over 64 KB with 1009 (plain WebSocket)', async () => {
  const socket = raw('/ws/v1/live');
  await once(socket, 'open');
  socket.send(`{"type":"ping","ref":"${'x'.repeat(65_536)}"}`);
  expect((await once(socket, 'close'))[0]).toBe(1009);
  await serverLives();
});

it('[S25] closes a frame over 64 KB with 1009 (Socket.IO)', async () => {
  const socket = await rawSocketIo();
  socket.send(`42/live,["ping",{"ref":"${'x'.repeat(65_536)}"}]`);
  expect((await once(socket, 'close'))[0]).toBe(1009);
  await serverLives();
});

const DEEP = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

it.each([
  ['no JSON', '{"type":'],
  ['a bare value', '42'],
  ['a list', '[]'],
  ['10,000 brackets', DEEP],
])('[S26] closes on %s (plain WebSocket)', async (_, text) => {
  const socket = raw('/ws/v1/live');
  await once(socket, 'open');
  socket.send(text);
  expect((await once(socket, 'close'))[0]).toBe(4101);
  await serverLives();
});

it('[S26] closes on a binary message (plain WebSocket)', async () => {
  const socket = raw('/ws/v1/live');
  await once(socket, 'open');
  socket.send(Buffer.from('{"type":"ping"}'));
  expect((await once(socket, 'close'))[0]).toBe(4101);
});

it.each([
  ['an unknown packet type', '49/live,'],
  ['a binary event whose placeholder has no data', '451-/live,["ping",{"_placeholder":true,"num":7}]'],
  ['half an event', '42/live,["ping",'],
  ['a reserved event', '42/live,["disconnect"]'],
  ['another namespace without joining it', '42/admin,["ping"]'],
])('[S26] closes on %s (Socket.IO)', async (_, text) => {
  const socket = await rawSocketIo();
  const closed = once(socket, 'close');
  socket.send(text);
  // The binary event is complete only with its attachment; what comes instead is no attachment.
  if (text.startsWith('45')) socket.send('42/live,["ping"]');
  await closed;
  await serverLives();
});

it('[S26] treats __proto__, deep and unknown things as what they are: not understood', async () => {
  const client = await viewer();
  const errors = () => client.told.filter(({ type }) => type === 'error').length;
  const odd = [
    '{"type":"subscribe","__proto__":{"polluted":true}}',
    '{"type":"subscribe","scope":{"__proto__":{"kinds":["queue"]}}}',
    `{"type":"subscribe","scope":${DEEP}}`,
    '{"type":"join","room":"everything"}',
    '{"type":"constructor"}',
  ];
  for (const text of odd) client.socket.send(text);
  await until(() => errors() === odd.length, 'each is answered with an error');
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(client.closed()).toBeNull();
});

it('[S24] a room, an unknown event or another namespace gets a Socket.IO client nothing', async () => {
  const socket = await rawSocketIo();
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  socket.send('42/live,["join","everything"]');
  socket.send('40/admin,');
  await until(() => heard.some((text) => text.startsWith('44/admin')), 'the namespace is refused');
  await until(() => heard.some((text) => text.includes('bad_request')), 'the event is not understood');
  expect(heard.some((text) => text.includes('snapshot'))).toBe(false);
  socket.send('40');
  await until(
    () => heard.some((text) => text.startsWith('44{')),
    'nor is there anything in the first namespace',
  );
});

it("[S23] another tenant's board gets the answer of a missing one, and its numbers to nobody", async () => {
  await append(test.db, test.tenantB, [
    { kind: 'call.queued', occurredAt: Date.now(), callId: 'theirs', queue: 'theirs', origin: 'inbound' },
  ]);
  const client = await viewer();
  const answerTo = async (wish: object): Promise<unknown> => {
    const before = client.told.length;
    client.send({ type: 'subscribe', ...wish });
    await until(() => client.told.length > before, 'it is answered');
    return client.told.slice(before);
  };
  for (const field of ['board', 'tenantId', 'room']) {
    const theirs = await answerTo({ [field]: test.tenantB });
    expect(theirs).toEqual(await answerTo({ [field]: 'there is no such thing' }));
    expect(theirs).toMatchObject([{ type: 'error', code: 'bad_request' }]);
  }
  expect(JSON.stringify(client.told)).not.toContain('theirs');
});

/** Events that make patches of some size: names of 100 characters. */
const burst = (round: number) =>
  Array.from({ length: 100 }, (_, i) => ({
    kind: 'call.queued',
    occurredAt: Date.now(),
    callId: `${'c'.repeat(100)}${round}-${i}`,
    queue: `${'q'.repeat(100)}${i}`,
    origin: 'inbound',
  }));

it('[S29] a client that never reads is let go, holds no more than one snapshot, and disturbs nobody', async () => {
  const strict = await startLive(test.db, { intervals: { session: { behindMs: 1_500 } } });
  const tenantId = await test.newTenant('slow');
  const fast = await viewer(strict, tenantId);
  const slow = await viewer(strict, tenantId);
  slow.socket.pause();
  const buffered: number[] = [];
  let round = 0;
  await until(
    async () => {
      await append(test.db, tenantId, burst(round++));
      const text = await strict.registry.getSingleMetricAsString('callboard_live_buffered_bytes');
      buffered.push(Number(text.trim().split(' ').at(-1)));
      return strict.live.health(tenantId).sockets.connected === 1;
    },
    'the slow client is let go',
    50_000,
  );
  // For not keeping up: unread, it answers no ping either, but is let go long before that.
  const closed = await strict.registry.getSingleMetricAsString('callboard_live_closed_total');
  expect(closed).toContain('code="4001"');
  // Its last write was below 64 KB of waiting bytes: one patch more, at most one snapshot, and no growth after that.
  const snapshotBytes = JSON.stringify(valuesOf(fast).values).length;
  expect(Math.max(...buffered)).toBeLessThan(64 * 1024 + 2 * snapshotBytes);
  const last = await append(test.db, tenantId, burst(round));
  await until(() => valuesOf(fast).seq >= last, 'the fast one has everything');
  await strict.close();
});

it('[S30] one slow client among ten fast ones costs them nothing: every patch, no gap, no second snapshot', async () => {
  const tenantId = await test.newTenant('mixed');
  const slow = await viewer(server, tenantId);
  const fast = await Promise.all(Array.from({ length: 10 }, () => viewer(server, tenantId)));
  slow.socket.pause();
  let round = 0;
  while (server.live.health(tenantId).sockets.behind === 0) await append(test.db, tenantId, burst(round++));
  // From here on the slow one is served nothing; the others hear of each round on its own.
  for (const end = round + 20; round < end; ) {
    const seq = await append(test.db, tenantId, burst(round++));
    await until(() => fast.every((client) => valuesOf(client).seq >= seq), 'all ten have the round');
  }
  expect(server.live.health(tenantId).sockets.behind).toBe(1);
  for (const client of fast) {
    expect(client.told.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
    expect(client.closed()).toBeNull();
  }
});

it('[L7] a client that was behind gets one snapshot once it reads again, and goes on from there', async () => {
  const tenantId = await test.newTenant('paused');
  const slow = await viewer(server, tenantId);
  slow.socket.pause();
  for (let round = 0; server.live.health(tenantId).sockets.behind === 0; round++) {
    await append(test.db, tenantId, burst(round));
  }
  slow.socket.resume();
  const last = await append(test.db, tenantId, burst(999_999));
  await until(() => valuesOf(slow).seq >= last, 'it has everything');
  expect(slow.told.filter(({ type }) => type === 'snapshot').length).toBeGreaterThan(1);
  expect(slow.closed()).toBeNull();
});
