import WebSocket from 'ws';
import { postEvents, signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { traffic } from '../e2e/testing/traffic.ts';
import type { ServerMessage } from '../shared/contract/protocol.ts';
import { createClock } from '../web/live/clock.ts';
import { type Connection, createConnection } from '../web/live/connection.ts';
import { createStore, type LiveStore } from '../web/live/store.ts';
import type { OpenWire } from '../web/live/wire.ts';
import { percentile, report } from './report.ts';
import { UNCAPPED } from './screens.ts';

/**
 * [S33] Five thousand screens come back after a restart, with the page's own connection over plain WebSocket: how long
 * after the server is ready again does the last but five hundred have its numbers. The baseline is the time over which
 * a server that stops asks them to spread their return.
 */
const SCREENS = 5_000;
const SPREAD_SECONDS = 5;
const PROMISED_SECONDS = 10;
/** A hundred addresses of this machine: from one, five thousand would be too many. */
const ADDRESSES = 100;

const server = await startCallboard({ env: UNCAPPED });
const port = Number(new URL(server.url).port);
let token = '';

const wireFrom =
  (localAddress: string): OpenWire =>
  (events) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/v1/live`, {
      localAddress,
      perMessageDeflate: false,
    });
    socket.on('open', () => events.onOpen());
    socket.on('message', (data: Buffer) => {
      const message: ServerMessage = JSON.parse(data.toString());
      events.onMessage(message);
    });
    socket.on('error', () => {});
    socket.on('close', () => events.onGone());
    return {
      send: (message) => socket.send(JSON.stringify(message)),
      close: () => socket.terminate(),
    };
  };

interface Screen {
  connection: Connection;
  store: LiveStore;
}

function putUp(index: number): Screen {
  const store = createStore();
  const connection = createConnection({
    openWire: wireFrom(`127.0.1.${1 + (index % ADDRESSES)}`),
    store,
    clock: createClock(),
    scope: { kinds: ['tenant', 'queue'], windows: ['today'] },
    token: async () => token,
    onOutdated() {},
    onAccessChanged() {},
  });
  connection.start();
  return { connection, store };
}

const isThere = ({ connection }: Screen): boolean => connection.reach().unreachableSince === null;

async function all(screens: Screen[], onThere: (screen: Screen) => void, withinMs: number): Promise<void> {
  const awaited = new Set(screens);
  const deadline = performance.now() + withinMs;
  while (awaited.size > 0 && performance.now() < deadline) {
    for (const screen of awaited) {
      if (!isThere(screen)) continue;
      awaited.delete(screen);
      onThere(screen);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (awaited.size > 0) throw new Error(`${awaited.size} screens have nothing to show`);
}

const screens: Screen[] = [];
let again = server;
try {
  const api = await signIn(server.url);
  token = api.token;
  const endMs = Date.now();
  const day = { seed: 1, calls: 2_000, agents: 100, queues: 20, startMs: endMs - 3_600_000, endMs };
  await postEvents(server.url, await api.createKey(), traffic(day).slice(0, 1_000));
  for (let index = 0; index < SCREENS; index++) {
    screens.push(putUp(index));
    if (index % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await all(screens, () => {}, 120_000);

  await server.stop();
  while (screens.some(isThere)) await new Promise((resolve) => setTimeout(resolve, 20));
  again = await startCallboard({ dataDir: server.dataDir, port, env: UNCAPPED });
  const readyAt = performance.now();
  const taken: number[] = [];
  await all(screens, () => taken.push((performance.now() - readyAt) / 1_000), 120_000);

  const baseline = { what: 'over which they are asked to come', value: SPREAD_SECONDS };
  const p95 = percentile(taken, 0.95);
  report(`${SCREENS} screens come back to a server that has started again`, [
    { what: 'ready to numbers, p50', value: percentile(taken, 0.5), unit: 's', baseline },
    {
      what: 'ready to numbers, p95',
      value: p95,
      unit: 's',
      baseline,
      promise: { text: `≤ ${PROMISED_SECONDS} s`, kept: p95 <= PROMISED_SECONDS },
    },
    { what: 'ready to numbers, the last', value: Math.max(...taken), unit: 's', baseline },
  ]);
} finally {
  for (const { connection } of screens) connection.stop();
  await again.dispose();
}
