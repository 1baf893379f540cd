import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { expect, it } from 'vitest';
import { NAMESPACE, toMessage } from './frame.ts';
import { beneath, sendSocketIo, writeFrame } from './wire.ts';

/** These fail when a new version of ws or Socket.IO looks different inside: then wire.ts is to be looked at again. */

async function connected() {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'] });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const client: Socket = io(`http://127.0.0.1:${port}${NAMESPACE}`, { transports: ['websocket'] });
  const [live] = await once(server.of(NAMESPACE), 'connection');
  return {
    client,
    live,
    async close() {
      client.disconnect();
      await server.close();
    },
  };
}

const told = (client: Socket, event: string) =>
  new Promise<unknown>((resolve) => client.once(event, resolve));

it('finds the ws beneath a Socket.IO connection and writes ready frames to it', async () => {
  const { client, live, close } = await connected();
  const below = beneath(live);
  expect(below).not.toBeNull();
  const texts = ['short', 'x'.repeat(1_000), `é${'y'.repeat(70_000)}`];
  const heard: unknown[] = [];
  client.on('note', (body) => heard.push(body));
  for (const text of texts) {
    const message = toMessage({ type: 'note', text });
    expect(below && writeFrame(below.socket, message.socketIoFrame())).toBe(true);
  }
  while (heard.length < texts.length) await told(client, 'note');
  expect(heard).toEqual(texts.map((text) => ({ text })));
  await close();
});

it('falls back to the public emit where the inside is another', async () => {
  const { client, live, close } = await connected();
  const message = toMessage({ type: 'note', text: 'by emit' });
  const heard = told(client, 'note');
  sendSocketIo(live, null, message);
  expect(await heard).toEqual({ text: 'by emit' });
  expect(beneath({ conn: { transport: {} } } as typeof live)).toBeNull();
  await close();
});
