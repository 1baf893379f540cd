import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import WebSocket from 'ws';
import type { Patch, ServerMessage, Snapshot } from '../../../shared/contract/protocol.ts';
import { until } from '../testing.ts';

/** Test clients of both transports: what they were told, in order. */
export interface Client {
  told: ServerMessage[];
  send(message: { type: string } & Record<string, unknown>): void;
  /** Null while open; the close code on plain WebSocket, the reason on Socket.IO. */
  closed(): number | string | null;
  close(): void;
}

export async function plainClient(
  url: string,
  headers: Record<string, string> = {},
): Promise<Client & { socket: WebSocket }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/v1/live`, {
    headers,
    perMessageDeflate: false,
  });
  const told: ServerMessage[] = [];
  let closed: number | null = null;
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString())));
  socket.on('close', (code) => {
    closed = code;
  });
  await once(socket, 'open');
  return {
    socket,
    told,
    send: (message) => socket.send(JSON.stringify(message)),
    closed: () => closed,
    close: () => socket.terminate(),
  };
}

export async function socketIoClient(
  url: string,
  headers: Record<string, string> = {},
): Promise<Client & { socket: Socket }> {
  const socket = io(`${url}/live`, { transports: ['websocket'], reconnection: false, extraHeaders: headers });
  const told: ServerMessage[] = [];
  let closed: string | null = null;
  socket.onAny((type: string, body: object) => told.push({ ...body, type } as ServerMessage)); // As the server says it.
  socket.on('disconnect', (reason) => {
    closed = reason;
  });
  await until(() => socket.connected, 'Socket.IO connects');
  return {
    socket,
    told,
    send: ({ type, ...rest }) => socket.emit(type, rest),
    closed: () => closed,
    close: () => socket.disconnect(),
  };
}

/** A screen on each transport that has its numbers. */
export async function watchBoth(url: string, headers: Record<string, string>): Promise<[Client, Client]> {
  const both: [Client, Client] = [await plainClient(url, headers), await socketIoClient(url, headers)];
  for (const client of both) {
    client.send({ type: 'subscribe', scope: {} });
    await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
  }
  return both;
}

/** The values a client has now: its last snapshot and every patch since, whose offsets must be consecutive. */
export function valuesOf(client: Pick<Client, 'told'>): {
  values: Record<string, unknown>;
  offset: number;
  seq: number;
} {
  const from = client.told.findLastIndex((message) => message.type === 'snapshot');
  const snapshot = client.told[from] as Snapshot | undefined; // Found by its type.
  if (!snapshot) throw new Error('There was no snapshot.');
  const values = { ...snapshot.values };
  let { offset, seq } = snapshot;
  for (const message of client.told.slice(from + 1)) {
    if (message.type !== 'patch') continue;
    const patch: Patch = message;
    if (patch.offset !== offset + 1 || patch.epoch !== snapshot.epoch) {
      throw new Error(`A gap: ${patch.epoch}/${patch.offset} after ${snapshot.epoch}/${offset}`);
    }
    Object.assign(values, patch.set);
    for (const key of patch.removed) delete values[key];
    ({ offset, seq } = patch);
  }
  return { values, offset, seq };
}
