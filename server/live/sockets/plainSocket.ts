import type { RawData, WebSocket } from 'ws';
import type { Session, Transport } from './session.ts';
import type { PingIntervals } from './socketIo.ts';
import { writeFrame } from './wire.ts';

/** Plain WebSocket's side of the live wire: one JSON text frame a message, the type within. */
export interface PlainSocket {
  session: Session;
  /** Called every second or so: pings, and cuts a connection that did not answer the last one [S31]. */
  check(): void;
}

export function openPlainSocket(
  socket: WebSocket,
  options: {
    pings: PingIntervals;
    authorization: string | undefined;
    open(transport: Transport, authorization: string | undefined): Session;
    onGone(plain: PlainSocket): void;
  },
): PlainSocket {
  const session = options.open(transportOf(socket), options.authorization);
  let pingedAt = performance.now();
  let isAnswered = true;

  socket.on('message', (data, isBinary) => {
    const parsed = isBinary ? undefined : parse(data);
    if (parsed === undefined) session.refuse('A message is one JSON object in a text frame.');
    else session.receive(parsed);
  });
  socket.on('pong', () => {
    isAnswered = true;
  });
  socket.on('close', () => {
    session.onGone();
    options.onGone(plain);
  });
  socket.on('error', () => {}); // A frame too large or malformed: ws closes with the right code, `close` follows [S25].

  const plain: PlainSocket = {
    session,
    check() {
      const since = performance.now() - pingedAt;
      if (!isAnswered && since > options.pings.pongMs) socket.terminate();
      else if (isAnswered && since > options.pings.pingMs) {
        pingedAt = performance.now();
        isAnswered = false;
        socket.ping();
      }
    },
  };
  return plain;
}

function transportOf(socket: WebSocket): Transport {
  return {
    send(message) {
      const frame = message.plainFrame();
      if (!writeFrame(socket, frame)) socket.send(message.plainText());
    },
    bufferedBytes: () => socket.bufferedAmount,
    end(code, reason, gracefully) {
      if (gracefully) socket.close(code, reason);
      else socket.terminate();
    },
  };
}

function parse(data: RawData): unknown {
  try {
    const parsed: unknown = JSON.parse(data.toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
