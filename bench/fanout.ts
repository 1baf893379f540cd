import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import WebSocket from 'ws';
import { type Figure, report } from './report.ts';

/**
 * Server CPU per delivered patch [L7]: Callboard's pre-framed write beside a bare `ws` broadcast of the same bytes,
 * and stock Socket.IO for comparison. Each server is a process of its own; only its CPU counts, so that a busy
 * machine disturbs little. Rounds alternate, and each server's best round is taken.
 */
const CLIENTS = 200;
const PATCHES = 600;
const EVERY_MS = 4;
const ROUNDS = 3;
const MODES = ['bare', 'stock', 'callboard', 'callboard plain'] as const;
type Mode = (typeof MODES)[number];

interface Running {
  child: ChildProcess;
  clients: WebSocket[];
  received: number;
}

async function start(mode: Mode): Promise<Running> {
  const child = fork(join(import.meta.dirname, 'fanoutServer.ts'), mode.split(' '), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]; // the child's first message
  const running: Running = { child, clients: [], received: 0 };
  for (let index = 0; index < CLIENTS; index++) running.clients.push(await client(mode, port, running));
  return running;
}

async function client(mode: Mode, port: number, running: Running): Promise<WebSocket> {
  const isPlain = mode === 'bare' || mode === 'callboard plain';
  const path = { bare: '/', 'callboard plain': '/ws/v1/live' }[mode as string]; // others: Socket.IO's
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path ?? '/socket.io/?EIO=4&transport=websocket'}`, {
    perMessageDeflate: false,
    headers: { authorization: 'Bearer bench' },
  });
  let joined: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    joined = resolve;
  });
  socket.on('message', (data: Buffer) => {
    // Looking at the first bytes only: the clients share the machine with the server they measure.
    const head = data.subarray(0, 24).toString('latin1');
    if (head.includes('"patch"')) running.received++;
    else if (head.includes('"snapshot"')) joined();
    else if (head.startsWith('0{')) socket.send('40/live,');
    else if (head.startsWith('2')) socket.send('3');
    else if (head.startsWith('40/live')) {
      if (mode === 'stock') joined();
      else socket.send('42/live,["subscribe",{"scope":{}}]');
    }
  });
  await once(socket, 'open');
  if (mode === 'bare') joined();
  else if (isPlain) socket.send('{"type":"subscribe","scope":{}}');
  await ready;
  return socket;
}

async function round(running: Running): Promise<number> {
  running.received = 0;
  running.child.send({ patches: PATCHES, everyMs: EVERY_MS });
  const [{ cpuUs, deliveries }] = (await once(running.child, 'message')) as [
    { cpuUs: number; deliveries: number },
  ]; // the child's answer to an order
  if (running.received !== deliveries) {
    throw new Error(`${deliveries} patches were sent and ${running.received} arrived`);
  }
  return cpuUs / deliveries;
}

const servers = new Map<Mode, Running>();
for (const mode of MODES) servers.set(mode, await start(mode));
const best = new Map<Mode, number>();
for (let at = 0; at < ROUNDS; at++) {
  for (const [mode, running] of servers) {
    best.set(mode, Math.min(best.get(mode) ?? Number.POSITIVE_INFINITY, await round(running)));
  }
}
for (const { child, clients } of servers.values()) {
  for (const socket of clients) socket.terminate();
  child.disconnect();
}

const bare = best.get('bare') ?? Number.NaN;
const figure = (mode: Mode, what: string): Figure => ({
  what: `CPU per delivered patch, ${what}`,
  value: best.get(mode) ?? Number.NaN,
  unit: 'µs',
  baseline: { what: 'bare ws broadcast', value: bare },
});
const promised = (of: Figure): Figure => ({
  ...of,
  promise: { text: '≤ 1.25×', kept: of.value <= 1.25 * bare },
});
report(`Fan-out: ${PATCHES} patches to ${CLIENTS} clients`, [
  promised(figure('callboard', 'Callboard over Socket.IO')),
  promised(figure('callboard plain', 'Callboard over plain WebSocket')),
  figure('stock', 'stock Socket.IO'),
]);
