import { createServer } from 'node:http';
import Fastify from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { Server } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Broadcast } from '../server/live/broadcast.ts';
import { canonicalScope } from '../server/live/keys.ts';
import { SOCKET_CAPS } from '../server/live/sockets/admission.ts';
import { attachSockets } from '../server/live/sockets/attach.ts';
import { message, toMessage } from '../server/live/sockets/frame.ts';
import { createHub, HUB_INTERVALS } from '../server/live/sockets/hub.ts';
import { SESSION_INTERVALS } from '../server/live/sockets/session.ts';
import { PING_INTERVALS } from '../server/live/sockets/socketIo.ts';
import type { Stream, Subscriber } from '../server/live/streams.ts';
import { createTelemetry } from '../server/live/telemetry.ts';
import { scope } from '../shared/contract/protocol.ts';

/**
 * A process that broadcasts and says what each delivery cost it in CPU: bare `ws`, stock Socket.IO, or Callboard's
 * own sockets. A process of its own, so that no client's work is counted.
 */

/** A patch of the size a busy queue sends: some 1.2 KB. */
function patchBody(offset: number): object {
  const value = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`measuredFigure${index}`, offset * 100 + index]),
  );
  return { epoch: 'bench', offset, seq: offset, set: { 'queue:today:support': value }, removed: [] };
}

/** `send` writes patch number `offset` to every client. */
type Broadcaster = { send(offset: number): void; clients(): number };

/** Listens for the bench's orders: `{ patches, everyMs }` → the CPU it took, in microseconds. */
function serveOrders(port: number, broadcaster: Broadcaster): void {
  process.send?.({ port });
  process.on('message', ({ patches, everyMs }: { patches: number; everyMs: number }) => {
    global.gc?.();
    const before = process.cpuUsage();
    let sent = 0;
    const timer = setInterval(() => {
      broadcaster.send(++sent);
      if (sent < patches) return;
      clearInterval(timer);
      // The kernel takes the last bytes after this turn of the loop.
      setTimeout(() => {
        const { user, system } = process.cpuUsage(before);
        process.send?.({ cpuUs: user + system, deliveries: patches * broadcaster.clients() });
      }, 200);
    }, everyMs);
  });
  process.on('disconnect', () => process.exit(0));
}

function bare(): void {
  const http = createServer();
  const clients = new Set<WebSocket>();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
  });
  listen(http, {
    clients: () => clients.size,
    send(offset) {
      const frame = Buffer.from(JSON.stringify(['patch', patchBody(offset)]));
      for (const socket of clients) socket.send(frame, { binary: false });
    },
  });
}

function stock(): void {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
  const live = io.of('/live');
  live.on('connection', (socket) => void socket.join('stream'));
  listen(http, {
    clients: () => live.sockets.size,
    send: (offset) => void live.to('stream').emit('patch', patchBody(offset)),
  });
}

/** Callboard's own sockets and sessions, both transports, with a stream that says what the bench wants. */
async function callboard(): Promise<void> {
  const subscribers = new Set<Subscriber>();
  const stream: Stream = {
    scope: canonicalScope(scope.parse({})),
    patch: () => null,
    isReady: true,
    subscribers,
    snapshot: () => toMessage({ type: 'snapshot', values: {} }),
  };
  const broadcast: Broadcast = {
    subscribe(_scope, _sight, subscriber) {
      subscribers.add(subscriber);
      return stream;
    },
    unsubscribe: (_stream, subscriber) => void subscribers.delete(subscriber),
    status: () => toMessage({ type: 'status' }),
    onFolded() {},
    onReset() {},
    onStatus() {},
    flush: async () => {},
    streamCount: () => 1,
    close() {},
  };
  const caps = { ...SOCKET_CAPS, perUser: 5_000 };
  const hub = createHub(
    {
      screens: { open: () => ({ know: () => false, hello() {}, check() {}, gone() {} }) },
      verify: async () => ({
        kind: 'key',
        tenantId: 'bench',
        keyId: 'bench',
        name: 'bench',
        scopes: ['live:read'],
        expiresAt: null,
      }),
      broadcastOf: () => broadcast,
      telemetry: createTelemetry(new Registry(), () => null),
      log: pino({ level: 'silent' }),
      intervals: SESSION_INTERVALS,
    },
    HUB_INTERVALS,
    caps,
  );
  const app = Fastify();
  attachSockets(app, {
    hub,
    config: { basePath: '', trustProxy: false },
    pings: PING_INTERVALS,
    perAddress: caps.perAddress,
    onCapped() {},
    close: () => hub.close(0),
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  serveOrders(Number(new URL(app.listeningOrigin).port), {
    clients: () => subscribers.size,
    send(offset) {
      const patch = message('patch', JSON.stringify(patchBody(offset)));
      for (const subscriber of subscribers) subscriber.onPatch(patch);
    },
  });
}

function listen(http: ReturnType<typeof createServer>, broadcaster: Broadcaster): void {
  http.listen(0, '127.0.0.1', () => {
    const address = http.address();
    if (address !== null && typeof address !== 'string') serveOrders(address.port, broadcaster);
  });
}

if (process.argv[2] === 'callboard') await callboard();
if (process.argv[2] === 'bare') bare();
if (process.argv[2] === 'stock') stock();
