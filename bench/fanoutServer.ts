import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * A process that broadcasts and says what each delivery cost it in CPU: bare `ws`, stock Socket.IO, or Callboard's
 * own framing, which its caller hands in. A process of its own, so that no client's work is counted.
 */

/** A patch of the size a busy queue sends: some 1.2 KB. */
export function patchBody(offset: number): object {
  const value = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`measuredFigure${index}`, offset * 100 + index]),
  );
  return { epoch: 'bench', offset, seq: offset, set: { 'queue:today:support': value }, removed: [] };
}

/** `send` writes patch number `offset` to every client. */
export type Broadcaster = { send(offset: number): void; clients(): number };

/** Listens for the bench's orders: `{ patches, everyMs }` → the CPU it took, in microseconds. */
export function serveOrders(port: number, broadcaster: Broadcaster): void {
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

function listen(http: ReturnType<typeof createServer>, broadcaster: Broadcaster): void {
  http.listen(0, '127.0.0.1', () => {
    const address = http.address();
    if (address !== null && typeof address !== 'string') serveOrders(address.port, broadcaster);
  });
}

if (process.argv[2] === 'bare') bare();
if (process.argv[2] === 'stock') stock();
