import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogEvent } from '../../shared/contract/events.ts';
import { disorder, story } from '../../shared/live/testing.ts';
import { WHOLE_SIGHT } from '../access/principal.ts';
import { openDatabase } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { openProxy, through } from '../faults/tcpProxy.ts';
import { plainClient, valuesOf } from './sockets/clients.ts';
import { append, appendStory, everyNumber, recount, silent, until } from './testing.ts';
import { type LiveServer, startLive } from './testServer.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const NOON = Date.UTC(2026, 10, 23, 12);
const at = { now: () => NOON };
const queued = (callId: string) => [
  { kind: 'call.queued', occurredAt: Date.now(), callId, queue: 'q', origin: 'inbound' },
];

async function viewer(server: LiveServer, tenantId: string) {
  const client = await plainClient(server.url, { authorization: `Bearer ${tenantId}` });
  client.send({ type: 'subscribe', scope: {} });
  await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
  return client;
}

/** What the API says of today, beside what the table says. */
async function compare(server: LiveServer, tenantId: string, minSeq: number): Promise<void> {
  const answer = await server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', minSeq });
  const [, , , today] = everyNumber(await recount(test.db, tenantId, NOON), NOON).windows;
  expect(answer).toMatchObject(JSON.parse(JSON.stringify(today)));
}

it('[L1] whatever writers, batches, disorder, rollbacks and lost listeners do, live equals a recount', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        writers: fc.integer({ min: 1, max: 4 }),
        batch: fc.integer({ min: 1, max: 60 }),
        reach: fc.integer({ min: 0, max: 200 }),
        kills: fc.boolean(),
      }),
      async ({ seed, writers, batch, reach, kills }) => {
        const tenantId = await test.newTenant(`property ${seed} ${Math.random()}`);
        const server = await startLive(test.db, {
          ...at,
          intervals: { listener: { heartbeatMs: 50, silenceMs: 1_000, backoffMs: 5, backoffLimitMs: 20 } },
        });
        const client = await viewer(server, tenantId);
        const events = disorder(
          story({ seed, calls: 80, agents: 6, queues: 3, start: NOON - 3 * 3_600_000, restarts: 1 }),
          seed,
          reach,
        );
        const parts = Array.from({ length: writers }, (_, w) =>
          events.filter((_event, i) => i % writers === w),
        );
        const write = async (part: LogEvent[]): Promise<void> => {
          await appendStory(test.db, tenantId, part, batch);
          await rolledBack(tenantId);
        };
        const writing = Promise.all(parts.map(write));
        if (kills) await killListeners();
        await writing;
        await compare(server, tenantId, events.length);
        await until(() => valuesOf(client).seq === events.length, 'the screen has it too');
        client.close();
        await server.close();
      },
    ),
    { numRuns: 8, seed: Number(process.env.FC_SEED ?? 42), verbose: true },
  );
}, 120_000);

/** An append that never happens. */
async function rolledBack(tenantId: string): Promise<void> {
  const undone = test.db.sql.begin(async (tx) => {
    await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
    const item = {
      key: 'f'.repeat(32),
      kind: 'source.note',
      occurredAt: NOON,
      source: 's',
      sourceKey: 'k',
      body: {},
    };
    await tx`select append_events(${JSON.stringify([item])}::text::jsonb)`;
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
}

async function killListeners(): Promise<void> {
  await test.ownerSql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'callboard listener' and datname = current_database()`;
}

it('[L3] losing every notification costs latency, never a number', async () => {
  const tenantId = await test.newTenant('no listener');
  // A listener that can never connect.
  const server = await startLive({ ...test.db, directUrl: 'postgres://nobody:x@127.0.0.1:1/none' }, at);
  const client = await viewer(server, tenantId);
  expect(server.live.health(tenantId).listener.up).toBe(false);
  const events = story({ seed: 5, calls: 60, agents: 5, queues: 2, start: NOON - 3_600_000 });
  const last = await appendStory(test.db, tenantId, events, 40);
  await until(() => valuesOf(client).seq === last, 'it arrives by the poll');
  await compare(server, tenantId, last);
  client.close();
  await server.close();
});

it('[L9] database away: screens keep the last numbers and say so, requests get 503, and it catches up alone', async () => {
  const { hostname, port } = new URL(test.databaseUrl);
  const proxy = await openProxy({ host: hostname, port: Number(port) });
  const databaseUrl = through(proxy, test.databaseUrl);
  const db = await openDatabase({
    databaseUrl,
    directDatabaseUrl: null,
    dataDir: '',
    log: silent,
    poolSize: 2,
  });
  const tenantId = await test.newTenant('outage');
  const server = await startLive(db);
  const client = await viewer(server, tenantId);
  const lastStatus = () => client.told.findLast((message) => message.type === 'status');
  proxy.refuse();
  await until(() => lastStatus()?.database === 'down', 'screens are told');
  const { database } = server.live.health(tenantId);
  expect(database).toMatchObject({ up: false, since: expect.any(String) });
  await expect(server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today' })).rejects.toMatchObject({
    code: 'database_unavailable',
    retryAfterSeconds: 1,
  });
  expect(client.closed()).toBeNull();
  const last = await append(test.db, tenantId, queued('meanwhile'));
  proxy.accept();
  await until(() => valuesOf(client).seq >= last, 'it catches up');
  await until(() => lastStatus()?.database === 'up', 'screens are told again');
  expect(valuesOf(client).values).toHaveProperty('call:meanwhile');
  client.close();
  await server.close();
  await db.close();
  await proxy.close();
});

it('[L14] asOf answers for any past instant from the log, one replay a tenant at a time', async () => {
  const tenantId = await test.newTenant('past');
  const server = await startLive(test.db, at);
  const events = story({ seed: 9, calls: 200, agents: 8, queues: 3, start: NOON - 4 * 3_600_000 });
  const last = await appendStory(test.db, tenantId, events);
  await server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', minSeq: last });
  const asOf = NOON - 3_700_000;
  const past = await server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', asOf });
  expect(past).toMatchObject({ asOf: new Date(asOf).toISOString(), seq: last });
  const entered = events.filter((event) => event.kind === 'call.queued' && event.occurredAt <= asOf).length;
  expect(past.totals.offered).toBeGreaterThanOrEqual(entered);
  const all = await server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', asOf: NOON });
  expect(all).toEqual({
    ...(await server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today' })),
    seq: last,
  });
  const both = await Promise.allSettled([
    server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', asOf }),
    server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', asOf }),
  ]);
  const refused = both.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ reason: { code: 'too_many_requests' } });
  await server.close();
});

it('minSeq waits for the position, and gives up with a code that says to come back', async () => {
  const tenantId = await test.newTenant('waiting');
  const server = await startLive(test.db);
  const answer = server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', minSeq: 1 });
  await append(test.db, tenantId, queued('c'));
  expect((await answer).seq).toBe(1);
  await expect(
    server.live.answer(tenantId, WHOLE_SIGHT, { window: 'today', minSeq: 2 }),
  ).rejects.toMatchObject({
    code: 'catching_up',
  });
  await server.close();
});

it('pages lists by id without repeating or leaving out anybody', async () => {
  const tenantId = await test.newTenant('pages');
  const server = await startLive(test.db, at);
  const events = story({ seed: 3, calls: 100, agents: 23, queues: 5, start: NOON - 3_600_000 });
  const last = await appendStory(test.db, tenantId, events);
  const all = await server.live.agents(tenantId, WHOLE_SIGHT, { limit: 1_000, minSeq: last });
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await server.live.agents(tenantId, WHOLE_SIGHT, { limit: 7, cursor });
    paged.push(...page.data.agents.map(({ agentId }) => agentId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(all.data.agents.map(({ agentId }) => agentId));
  expect(paged.length).toBeGreaterThan(20);
  await server.close();
});
