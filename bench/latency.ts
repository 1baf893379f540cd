import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import WebSocket from 'ws';
import { signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { openViewer } from '../e2e/testing/viewer.ts';
import { startPostgres } from './postgres.ts';
import { percentile, report } from './report.ts';

/**
 * How long one event takes from POST to a client's store when nothing else happens, beside the least any server could
 * do on the same PostgreSQL: one bare insert with NOTIFY, heard and sent on by `ws`. The two are taken in turns, so that what
 * else the machine does is in both.
 */
const SAMPLES = 100;
/** Events before the first sample: a server that has run for a minute is what is meant, not one whose code is cold. */
const WARM_UP = 1_000;
/** Two of them are longer than the pause between two patches of a stream [L8]: each event is a leading edge. */
const APART_MS = 150;

/** One way for an event to take: `once` is how long it took, in ms. */
interface Way {
  once(): Promise<number>;
  close(): Promise<void>;
}

const database = await startPostgres();
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, APART_MS));

async function floor(): Promise<Way> {
  const url = await database.create('floor');
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`create table events (seq bigserial primary key, body jsonb)`;
  const child = fork(join(import.meta.dirname, 'floorServer.ts'), [url], { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]; // the child's only message
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  const take = async (): Promise<number> => {
    const startedAt = performance.now();
    const heard = once(socket, 'message');
    await sql`with stored as (insert into events (body) values ('{"kind":"call.queued"}') returning seq)
      select pg_notify('bench_floor', seq::text) from stored`;
    await heard;
    return performance.now() - startedAt;
  };
  for (let event = 0; event < WARM_UP; event++) await take();
  return {
    once: take,
    async close() {
      socket.terminate();
      child.disconnect();
      await sql.end();
    },
  };
}

/** A sender that writes to an open connection and waits for the answer's first bytes: a client of HTTP has work of its own. */
async function openSender(url: string, key: string): Promise<(body: object) => Promise<void>> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  const head = [
    'POST /api/v1/events HTTP/1.1',
    `host: ${hostname}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
  ].join('\r\n');
  return async (body) => {
    const text = JSON.stringify(body);
    const answered = once(socket, 'data');
    socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const [answer] = (await answered) as [Buffer];
    if (!answer.toString('latin1').startsWith('HTTP/1.1 200 ')) throw new Error(answer.toString('utf8'));
  };
}

async function callboard(): Promise<Way> {
  const server = await startCallboard({ env: { DATABASE_URL: await database.create('latency') } });
  const api = await signIn(server.url);
  const post = await openSender(server.url, await api.createKey());
  const viewer = await openViewer(server.url, api.token);
  for (let event = 0; event < WARM_UP; event += 2) {
    const call = { callId: `warm-${event}`, queue: 'support', occurredAt: Date.now(), source: 'bench' };
    const queued = { ...call, kind: 'call.queued', sourceKey: `warm-${event}` };
    const left = { ...call, kind: 'call.left', outcome: 'abandoned', sourceKey: `warm-${event + 1}` };
    await post({ events: [queued] });
    await post({ events: [left] });
  }
  let sent = 0;
  return {
    async once() {
      const callId = `bench-${sent++}`;
      const startedAt = performance.now();
      // The sender is answered once screens have it: that is no part of how long they wait.
      const shownAt = viewer.until(({ values }) => `call:${callId}` in values).then(() => performance.now());
      const event = { kind: 'call.queued', callId, queue: 'support', occurredAt: Date.now() };
      await post({ events: [{ ...event, source: 'bench', sourceKey: callId }] });
      return (await shownAt) - startedAt;
    },
    async close() {
      viewer.close();
      await server.dispose();
    },
  };
}

const ways: Way[] = [];
try {
  const [bare, ours] = [await floor(), await callboard()];
  ways.push(bare, ours);
  const taken = { bare: [] as number[], ours: [] as number[] };
  for (let sample = 0; sample < SAMPLES; sample++) {
    await pause();
    taken.bare.push(await bare.once());
    await pause();
    taken.ours.push(await ours.once());
  }
  const p50 = percentile(taken.ours, 0.5);
  const baseline = { what: 'insert + NOTIFY + ws', value: percentile(taken.bare, 0.5) };
  report('One event on an idle server', [
    {
      what: 'POST to client store, p50',
      value: p50,
      unit: 'ms',
      baseline,
      promise: { text: '≤ 3×', kept: p50 <= 3 * baseline.value },
    },
    {
      what: 'POST to client store, p95',
      value: percentile(taken.ours, 0.95),
      unit: 'ms',
      baseline: { ...baseline, value: percentile(taken.bare, 0.95) },
    },
  ]);
} finally {
  for (const way of ways) await way.close();
  await database.stop();
}
