import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { liveHealth } from '../shared/contract/rest.ts';
import { report } from './report.ts';
import { openScreens, type Screens, UNCAPPED } from './screens.ts';

/** What one more idle viewer costs the server in memory, beside an idle connection to a bare `ws` server. */
const WARM = 300;
const VIEWERS = 1_500;

async function callboard(): Promise<number> {
  const server = await startCallboard({ env: UNCAPPED });
  const open: Screens[] = [];
  try {
    const api = await signIn(server.url);
    const rss = async () => (await api.get('/api/v1/live/health', liveHealth)).memory.rssBytes;
    // The first viewers bring the heap to the size it keeps: only what comes after is theirs.
    open.push(await openScreens(server.url, api.token, WARM));
    const before = await settled(rss);
    open.push(await openScreens(server.url, api.token, VIEWERS));
    return ((await settled(rss)) - before) / VIEWERS / 1_024;
  } finally {
    for (const screens of open) screens.close();
    await server.dispose();
  }
}

async function bare(): Promise<number> {
  const child = fork(join(import.meta.dirname, 'fanoutServer.ts'), ['bare'], {
    execArgv: ['--import', 'tsx'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]; // the child's first message
  const rss = async () => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1_024;
  };
  const sockets: WebSocket[] = [];
  const connect = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
      await once(socket, 'open');
      sockets.push(socket);
    }
  };
  await connect(WARM);
  const before = await settled(rss);
  await connect(VIEWERS);
  const taken = ((await settled(rss)) - before) / VIEWERS / 1_024;
  for (const socket of sockets) socket.terminate();
  child.disconnect();
  return taken;
}

/** The lowest reading of three seconds: between two of them the collector may have run. */
async function settled(read: () => Promise<number>): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 6; at++) {
    lowest = Math.min(lowest, await read());
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return lowest;
}

const floor = await bare();
const ours = await callboard();
report(`Memory of ${VIEWERS} idle viewers, half on each transport`, [
  {
    what: 'resident memory a viewer',
    value: ours,
    unit: 'KB',
    baseline: { what: 'bare ws connection', value: floor },
    promise: { text: '≤ 30 KB', kept: ours <= 30 },
  },
]);
