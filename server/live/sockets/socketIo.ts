import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Socket as LiveSocket, Server } from 'socket.io';
import { CLIENT_FRAME_LIMIT } from '../../../shared/contract/protocol.ts';
import { NAMESPACE } from './frame.ts';
import type { Session, Transport } from './session.ts';
import { beneath, sendSocketIo } from './wire.ts';

/** Socket.IO's side of the live wire: namespace `/live`, WebSocket only. */
export interface SocketIoGate {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

export interface PingIntervals {
  pingMs: number;
  pongMs: number;
}

/**
 * Gone within 45 s of the last pong [S31]: 15 + 12 s, and once more 12 s when the client said something else meanwhile,
 * which Engine.IO takes for a sign of life.
 */
export const PING_INTERVALS: PingIntervals = { pingMs: 15_000, pongMs: 12_000 };

export function createSocketIoGate(options: {
  path: string;
  pings: PingIntervals;
  open(transport: Transport, authorization: string | undefined): Session;
}): SocketIoGate {
  // Engine.IO wants an HTTP server to listen on; upgrades are dispatched elsewhere (http/upgrade.ts), so it gets one
  // that never listens. Attached to the real one it would destroy every upgrade that is not its own.
  const io = new Server(createServer(), {
    path: options.path,
    serveClient: false,
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: CLIENT_FRAME_LIMIT,
    pingInterval: options.pings.pingMs,
    pingTimeout: options.pings.pongMs,
    connectTimeout: 10_000,
  });
  // Everybody may connect to '/', so that nobody has business there: the client is told, then cut off [S24].
  io.use((_, next) => next(new Error(`There is nothing here; use ${NAMESPACE}.`)));

  io.of(NAMESPACE).on('connection', (live) => {
    const below = beneath(live);
    const session = options.open(transportOf(live, below), live.handshake.headers.authorization);
    live.onAny((event: unknown, body: unknown) => session.receive(withType(event, body)));
    live.on('disconnect', () => session.onGone());
    // A malformed packet: Socket.IO closes the connection itself, but would print what nobody handles [S26].
    live.on('error', () => session.refuse('The packet is malformed.'));
  });

  return {
    handleUpgrade(request, socket, head) {
      // The types of Engine.IO want its own request, which is this one with what it adds to it itself.
      io.engine.handleUpgrade(request as Parameters<typeof io.engine.handleUpgrade>[0], socket, head);
    },
    async close() {
      io.engine.close();
      await io.close().catch(() => {}); // The server that never listened cannot be closed.
    },
  };
}

function transportOf(live: LiveSocket, below: ReturnType<typeof beneath>): Transport {
  return {
    send: (message) => sendSocketIo(live, below, message),
    bufferedBytes: () => below?.socket.bufferedAmount ?? 0,
    end(code, reason, gracefully) {
      // 41xx: a Socket.IO disconnect, after which its client stays away. Otherwise the connection just ends, and the
      // client comes back by itself.
      if (code >= 4_100) live.disconnect(false);
      if (!gracefully) below?.socket.terminate();
      else if (below) below.socket.close(code, reason);
      else live.conn.close();
    },
  };
}

/** The message as it is on plain WebSocket. What is no object stays what it is, and is refused as such. */
function withType(event: unknown, body: unknown): unknown {
  if (body === undefined) return { type: event };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return { ...body, type: event };
}
