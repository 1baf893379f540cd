import { once } from 'node:events';
import WebSocket from 'ws';
import type { LiveValues, Patch, Scope, ServerMessage, Snapshot } from '../../shared/contract/protocol.ts';

/**
 * A screen without a screen: speaks the live wire over either transport and keeps what it was told, checking that
 * offsets never skip [L7]. Light enough for thousands in one process.
 */
export interface Viewer {
  values: LiveValues;
  epoch: string;
  offset: number;
  seq: number;
  patches: number;
  /** Patches whose offset was not the one before + 1; a fresh snapshot was asked for each. */
  gaps: number;
  /** Called after every snapshot and patch. */
  onChange: ((message: Snapshot | Patch) => void) | null;
  /** Resolves once `holds` is true of this viewer, now or after some later message. */
  until(holds: (viewer: Viewer) => boolean, withinMs?: number): Promise<void>;
  close(): void;
}

export type Transport = 'websocket' | 'socket.io';

export async function openViewer(
  url: string,
  token: string,
  options: { transport?: Transport; scope?: Partial<Scope> } = {},
): Promise<Viewer> {
  const { transport = 'websocket', scope = {} } = options;
  const path = transport === 'websocket' ? '/ws/v1/live' : '/socket.io/?EIO=4&transport=websocket';
  const socket = new WebSocket(url.replace('http', 'ws') + path, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  const waiting = new Set<() => void>();
  let failure: Error | null = null;
  const viewer: Viewer = {
    values: {},
    epoch: '',
    offset: -1,
    seq: 0,
    patches: 0,
    gaps: 0,
    onChange: null,
    until: (holds, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const deadline = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`Not seen within ${withinMs} ms; offset ${viewer.offset}, seq ${viewer.seq}`));
        }, withinMs);
        const check = (): void => {
          if (failure === null && !holds(viewer)) return;
          clearTimeout(deadline);
          waiting.delete(check);
          if (failure) reject(failure);
          else resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () => socket.terminate(),
  };

  const take = (message: ServerMessage): void => {
    if (message.type === 'snapshot') {
      viewer.values = { ...message.values };
    } else if (message.type === 'patch') {
      const follows = message.epoch === viewer.epoch && message.offset === viewer.offset + 1;
      if (!follows) {
        viewer.gaps++;
        subscribe();
        return;
      }
      viewer.patches++;
      Object.assign(viewer.values, message.set);
      for (const key of message.removed) delete viewer.values[key];
    } else {
      if (message.type === 'error') failure = new Error(`${message.code}: ${message.message}`);
      for (const check of [...waiting]) check();
      return;
    }
    viewer.epoch = message.epoch;
    viewer.offset = message.offset;
    viewer.seq = message.seq;
    viewer.onChange?.(message);
    for (const check of [...waiting]) check();
  };

  const subscribe = (): void => {
    if (transport === 'websocket') socket.send(JSON.stringify({ type: 'subscribe', scope }));
    else socket.send(`42/live,1${JSON.stringify(['subscribe', { scope }])}`);
  };

  socket.on('message', (data) => {
    const frame = data.toString();
    if (transport === 'websocket') {
      take(JSON.parse(frame) as ServerMessage); // a test trusts the server it tests to speak the protocol
      return;
    }
    if (frame === '2') socket.send('3');
    else if (frame.startsWith('0')) socket.send('40/live,');
    else if (frame.startsWith('40/live')) subscribe();
    else if (frame.startsWith('42/live,')) {
      const [type, body] = JSON.parse(frame.slice('42/live,'.length)) as [ServerMessage['type'], object];
      take({ type, ...body } as ServerMessage); // as above
    } else if (frame.startsWith('43/live,')) {
      const [answer] = JSON.parse(frame.slice(frame.indexOf('['))) as [Snapshot];
      take({ ...answer, type: 'snapshot' });
    }
  });
  socket.on('error', (error) => {
    failure = error;
    for (const check of [...waiting]) check();
  });
  await once(socket, 'open');
  if (transport === 'websocket') subscribe();
  await viewer.until(({ epoch }) => epoch !== '');
  return viewer;
}
