import { io } from 'socket.io-client';
import type { ClientMessage, ServerMessage } from '../../shared/contract/protocol.ts';

/** One connection to the server's `/live`, for one life: it never comes back by itself, the connection decides that. */
export interface Wire {
  send(message: ClientMessage): void;
  close(): void;
}

export interface WireEvents {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** Once at most, and never after `close`. */
  onGone(): void;
}

export type OpenWire = (events: WireEvents) => Wire;

const OPEN_TIMEOUT_MS = 10_000;

/** Opens Socket.IO beneath the address the page is served from. */
export function socketIoWire(base: URL): OpenWire {
  return (events) => {
    const socket = io(new URL('/live', base.origin).href, {
      path: `${base.pathname}socket.io`,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: OPEN_TIMEOUT_MS,
    });
    let isOver = false;
    const end = (): boolean => {
      if (isOver) return false;
      isOver = true;
      socket.offAny();
      socket.disconnect();
      return true;
    };
    const gone = (): void => {
      if (end()) events.onGone();
    };
    socket.on('connect', events.onOpen);
    socket.on('connect_error', gone);
    socket.on('disconnect', gone);
    socket.onAny((type: string, body: object) => {
      // The server's word for it: both ends are of one version, which the snapshot states.
      events.onMessage({ ...body, type } as ServerMessage);
    });
    return {
      send: ({ type, ...body }) => socket.emit(type, body),
      close: () => void end(),
    };
  };
}
