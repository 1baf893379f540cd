import type { Socket as LiveSocket } from 'socket.io';
import type { WebSocket } from 'ws';
import type { Message } from './frame.ts';

/**
 * The one place that reaches behind the public face of ws and Socket.IO [L7]: writing a frame made once costs half
 * of having each connection frame the message again. Every reach is checked when it is made; a version of either
 * library with another inside is served by its public interface, slower but right, and fails wire.test.ts.
 */

/** What ws does inside once its frame is made. */
interface FrameSender {
  sendFrame(frames: Buffer[]): void;
}

/** Writes a ready frame; false when this ws has no such inside. */
export function writeFrame(socket: WebSocket, frame: Buffer): boolean {
  if (socket.readyState !== socket.OPEN) return true; // Closing: nothing is owed any more.
  const sender: unknown = Reflect.get(socket, '_sender');
  if (!isFrameSender(sender)) return false;
  sender.sendFrame([frame]);
  return true;
}

function isFrameSender(value: unknown): value is FrameSender {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sendFrame' in value &&
    typeof value.sendFrame === 'function'
  );
}

/**
 * The ws below a Socket.IO connection, or null when it cannot be found. `mayWrite` is false while Engine.IO itself
 * has packets waiting: a frame written then would overtake them.
 */
export interface Beneath {
  socket: WebSocket;
  mayWrite(): boolean;
}

export function beneath(live: LiveSocket): Beneath | null {
  const { conn } = live;
  const waiting: unknown = Reflect.get(conn, 'writeBuffer');
  const socket: unknown = Reflect.get(conn.transport, 'socket');
  if (!Array.isArray(waiting) || !isWebSocket(socket)) return null;
  return {
    socket,
    mayWrite() {
      const now: unknown = Reflect.get(conn, 'writeBuffer'); // Engine.IO replaces the array as it flushes.
      return Array.isArray(now) && now.length === 0;
    },
  };
}

function isWebSocket(value: unknown): value is WebSocket {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bufferedAmount' in value &&
    typeof value.bufferedAmount === 'number' &&
    'readyState' in value &&
    'terminate' in value
  );
}

/** Sends over Socket.IO: the ready frame where possible, else its own emit. */
export function sendSocketIo(live: LiveSocket, below: Beneath | null, message: Message): void {
  if (below?.mayWrite() && writeFrame(below.socket, message.socketIoFrame())) return;
  live.emit(message.type, JSON.parse(message.body));
}
