import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';
import { apiOf, postEvents, signIn } from '../e2e/testing/api.ts';
import { type Callboard, startCallboard } from '../e2e/testing/server.ts';
import { traffic } from '../e2e/testing/traffic.ts';
import type { IngestEvent } from '../shared/contract/events.ts';
import { startPostgres } from './postgres.ts';
import { report } from './report.ts';

/**
 * How long after a `kill -9` the numbers are live again on a tenant with 2,000,000 events today [L14]: from the start
 * of the process to an answer that holds every event, beside the same on an empty tenant.
 */
const EVENTS = Number(process.env.BENCH_EVENTS ?? 2_000_000);
const SHARES = 20;
const HOURS = 22;
const HOUR_MS = 3_600_000;
const CHECKPOINT_WITHIN_MS = 240_000;

const started = Date.now();
/** The zone in which it is late in the evening now: its today is long enough for a day of calls. */
const offset = (HOURS - new Date(started).getUTCHours() + 36) % 24;
const zone = `Etc/GMT${offset <= 12 ? `-${offset}` : `+${24 - offset}`}`;

const database = await startPostgres();
try {
  const empty = await database.create('empty');
  const full = await database.create('full');
  const env = (url: string): NodeJS.ProcessEnv => ({ DATABASE_URL: url, TENANT_TIME_ZONE: zone });
  const bare = await restartMs(await startCallboard({ env: env(empty) }), env(empty), 0);

  const first = await startCallboard({ env: env(full) });
  await first.stop();
  await fill(full);
  const coldAt = performance.now();
  const server = await startCallboard({ dataDir: first.dataDir, env: env(full) });
  await untilLive(server, EVENTS);
  const coldMs = performance.now() - coldAt;
  await untilCheckpoint(full);
  const api = await signIn(server.url);
  const tail = shareOf(SHARES).slice(0, 500);
  const { lastSeq } = await postEvents(server.url, await api.createKey(), tail);
  const restart = await restartMs(server, env(full), lastSeq);

  const baseline = { what: 'an empty tenant', value: bare };
  report(`Restart with ${EVENTS} events today`, [
    {
      what: 'kill -9 to every number live, from the checkpoint and a tail of 500',
      value: restart,
      unit: 'ms',
      baseline,
      promise: { text: '≤ 2,000 ms', kept: restart <= 2_000 },
    },
    { what: 'the same without a checkpoint, folding the log', value: coldMs, unit: 'ms', baseline },
  ]);
} finally {
  await database.stop();
}

async function restartMs(server: Callboard, env: NodeJS.ProcessEnv, seq: number): Promise<number> {
  const { token } = await signIn(server.url);
  await server.kill();
  const startedAt = performance.now();
  const again = await startCallboard({ dataDir: server.dataDir, env });
  await untilLive(again, seq, token);
  const took = performance.now() - startedAt;
  await again.dispose();
  return took;
}

/** A screen that was signed in before comes back with the token it has: a password takes half a second by design. */
async function untilLive(server: Callboard, seq: number, token?: string): Promise<void> {
  const api = token === undefined ? await signIn(server.url) : apiOf(server.url, token);
  const deadline = performance.now() + 300_000;
  while (performance.now() < deadline) {
    const answer = await api.live({ minSeq: seq }).catch(() => null);
    if (answer !== null && answer.seq >= seq) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The numbers did not become live within five minutes.');
}

async function untilCheckpoint(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const deadline = performance.now() + CHECKPOINT_WITHIN_MS;
  let found = 0;
  while (found < EVENTS && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [row] = await sql`select coalesce(max(seq), 0)::int as seq from live_checkpoints`;
    found = row?.seq ?? 0;
  }
  await sql.end();
  if (found < EVENTS) console.log('No checkpoint was written in time: the restart folds the log.');
}

/** One of twenty equal stretches of the day, with agents and queues of its own. */
function shareOf(share: number): IngestEvent[] {
  const length = (HOURS * HOUR_MS) / (SHARES + 1);
  const startMs = started - HOURS * HOUR_MS + share * length;
  return traffic({
    seed: share,
    prefix: `share${share}`,
    // Some three events a call: twenty shares hold them all, and the next one is still to come.
    calls: Math.ceil(EVENTS / SHARES / 2.4),
    agents: 400,
    queues: 4,
    startMs: Math.floor(startMs),
    endMs: Math.floor(startMs + length),
  });
}

/** Straight into the tables, as the superuser: this bench is about reading the log, and writing it takes minutes. */
async function fill(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [tenant] = await sql<{ id: string }[]>`select id from tenants`;
  if (!tenant) throw new Error('The server made no tenant.');
  let seq = 0;
  const rows = function* (): Generator<string> {
    for (let share = 0; seq < EVENTS; share++) {
      for (const event of shareOf(share)) {
        if (seq >= EVENTS) return;
        yield row(tenant.id, ++seq, event);
      }
    }
  };
  const copy = await sql`
    copy call_events (tenant_id, seq, recorded_at, occurred_at, kind, source, source_key, source_order, call_id,
      queue_id, agent_id, body) from stdin`.writable();
  await pipeline(Readable.from(rows()), copy);
  await sql`select set_config('app.tenant_id', ${tenant.id}, false)`;
  await sql`insert into queues (tenant_id, id, name)
    select distinct tenant_id, queue_id, queue_id from call_events where queue_id is not null on conflict do nothing`;
  await sql`insert into agents (tenant_id, id, name)
    select distinct tenant_id, agent_id, agent_id from call_events where agent_id is not null on conflict do nothing`;
  await sql`update event_heads set seq = ${EVENTS}, recorded_at = ${new Date(started).toISOString()}`;
  await sql`analyze`;
  await sql.end();
}

function row(tenantId: string, seq: number, event: IngestEvent): string {
  const { kind, source, sourceKey, sourceOrder, occurredAt, ...rest } = event;
  // Which ids an event has depends on its kind; absent ones are nulls of the table.
  const { callId, queue, agent, ...body }: { callId?: string; queue?: string; agent?: string } & object =
    rest;
  const cells = [
    tenantId,
    seq,
    new Date(started).toISOString(),
    new Date(occurredAt).toISOString(),
    kind,
    source,
    sourceKey,
    sourceOrder,
    callId ?? '\\N',
    queue ?? '\\N',
    agent ?? '\\N',
    JSON.stringify(body),
  ];
  return `${cells.join('\t')}\n`;
}
