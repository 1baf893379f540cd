import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  liveAgents,
  liveCalls,
  liveMetrics,
  liveQueues,
  type Session,
  session,
} from '../../../shared/contract/rest.ts';
import { type Client, valuesOf, watchBoth } from '../../live/sockets/clients.ts';
import { append, until } from '../../live/testing.ts';
import { type Bearer, createTestApp, PASSWORD, type TestApp } from '../../testing.ts';

/** Two supervisors of one call centre, each of her own sector: whatever they ask or watch is of that sector alone. */

let server: TestApp;
let url: string;
let admin: Bearer;
let last = 0;
const clients: Client[] = [];

beforeAll(async () => {
  server = await createTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Listening on TCP, so it is not a pipe's name.
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  const { test } = server;
  await test.ownerSql.begin(async (tx) => {
    const { tenantId } = test;
    await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
    await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'one', 'One'), (${tenantId}, 'two', 'Two')`;
    for (const [id, sector] of Object.entries(QUEUES)) {
      await tx`insert into queues (tenant_id, id, name, sector_id) values (${tenantId}, ${id}, ${id}, ${sector})`;
    }
    for (const [id, sector] of Object.entries(AGENTS)) {
      await tx`insert into agents (tenant_id, id, name, sector_id) values (${tenantId}, ${id}, ${id}, ${sector})`;
    }
  });
  last = await append(test.db, test.tenantId, [
    ...Object.keys(AGENTS).map((agent) => ({
      kind: 'agent.signed_in',
      occurredAt: Date.now() - 60_000,
      agent,
    })),
    ...Object.keys(QUEUES).flatMap((queue) => [1, 2, 3].map((n) => queued(`${queue} call ${n}`, queue))),
  ]);
  await server.addAccount('admin@example.test', 'admin');
  admin = await signIn('admin@example.test');
});
beforeEach(async () => {
  await change('PATCH', '/settings/queues/q1a', { sectorId: 'one' });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.close());

const QUEUES = { q1a: 'one', q1b: 'one', q2a: 'two', q2b: 'two' };
const AGENTS = { a1: 'one', b2: 'two', c1: 'one', d2: 'two', e1: 'one' };

const queued = (callId: string, queue: string) => ({
  kind: 'call.queued',
  occurredAt: Date.now(),
  callId,
  queue,
  origin: 'inbound',
});

async function sessionOf(email: string): Promise<Session> {
  const payload = { email, password: PASSWORD };
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
  expect(answer.statusCode).toBe(200);
  return z.object({ data: session }).parse(answer.json()).data;
}

const signIn = async (email: string): Promise<Bearer> => (await server.signIn(email)).bearer;

async function change(method: 'PATCH', path: string, payload: object): Promise<void> {
  const answer = await server.app.inject({ method, url: `/api/v1${path}`, headers: admin, payload });
  expect(answer.statusCode).toBe(200);
}

const page = z.object({ nextCursor: z.string().nullable().optional() }).optional();

async function get<T extends z.ZodType>(path: string, data: T, headers: Bearer) {
  const answer = await server.app.inject({ method: 'GET', url: `/api/v1${path}`, headers });
  expect(answer.statusCode).toBe(200);
  return z.object({ data, meta: page }).parse(answer.json());
}

/** All that requests show somebody, by id. */
async function asked(bearer: Bearer, query = `minSeq=${last}`) {
  const metrics = await get(`/metrics/live?${query}`, liveMetrics, bearer);
  const queues = await get(`/live/queues?${query}`, liveQueues, bearer);
  const agents = await get(`/live/agents?${query}`, liveAgents, bearer);
  const calls = await get(`/live/calls?${query}`, liveCalls, bearer);
  return {
    total: metrics.data.totals.waiting,
    sectors: metrics.data.sectors.map(({ sectorId }) => sectorId),
    queues: [metrics, queues].map(({ data }) => data.queues.map(({ queueId }) => queueId)),
    agents: agents.data.agents.map(({ agentId }) => agentId),
    calls: calls.data.calls.map(({ callId }) => callId),
  };
}

const seenOf = (digit: '1' | '2') => ({
  total: 6,
  sectors: [digit === '1' ? 'one' : 'two'],
  queues: [
    [`q${digit}a`, `q${digit}b`],
    [`q${digit}a`, `q${digit}b`],
  ],
  agents: Object.keys(AGENTS).filter((id) => id.endsWith(digit)),
  calls: ['a', 'b'].flatMap((letter) => [1, 2, 3].map((n) => `q${digit}${letter} call ${n}`)),
});

async function watching(bearer: Bearer): Promise<Client[]> {
  const both = await watchBoth(url, bearer);
  clients.push(...both);
  return both;
}

const idsOf = (client: Client, kind: string) =>
  Object.keys(valuesOf(client).values)
    .filter((key) => key.startsWith(`${kind}:`))
    .map((key) => key.slice(kind.length + 1))
    .sort();
const watched = (client: Client) => ({
  total: (valuesOf(client).values['tenant:today'] as { waiting: number }).waiting, // By its key.
  sectors: idsOf(client, 'sector:today'),
  queues: [idsOf(client, 'queue:today'), idsOf(client, 'queue:last30')],
  agents: idsOf(client, 'agent'),
  calls: idsOf(client, 'call'),
});

describe('a supervisor who is held to a sector', () => {
  let one: Bearer;
  let two: Bearer;
  let accountId: string;
  beforeAll(async () => {
    accountId = await server.addAccount('one@example.test', 'supervisor', ['one']);
    await server.addAccount('two@example.test', 'viewer', ['two']);
    one = await signIn('one@example.test');
    two = await signIn('two@example.test');
  });

  it('is told which part she looks at, by name', async () => {
    const sectorsOf = async (email: string) => (await sessionOf(email)).account.sectors;
    expect(await sectorsOf('one@example.test')).toEqual([{ sectorId: 'one', name: 'One' }]);
    expect(await sectorsOf('admin@example.test')).toBeNull();
    await server.addAccount('gone@example.test', 'viewer', ['a sector that was removed']);
    expect(await sectorsOf('gone@example.test')).toEqual([]);
    // Nothing is left in sight, not everything.
    expect(await asked(await signIn('gone@example.test'))).toEqual({
      total: 0,
      sectors: [],
      queues: [[], []],
      agents: [],
      calls: [],
    });
  });

  it('is answered with that sector alone, now and of the past, and so is her neighbour', async () => {
    expect(await asked(one)).toEqual(seenOf('1'));
    expect(await asked(two)).toEqual(seenOf('2'));
    const asOf = `asOf=${new Date().toISOString()}`;
    expect(await asked(one, asOf)).toEqual(seenOf('1'));
    expect(await asked(two, asOf)).toEqual(seenOf('2'));
    expect((await asked(admin)).total).toBe(12);
  });

  it('watches that sector alone, on both transports, and so does her neighbour', async () => {
    for (const client of await watching(one)) expect(watched(client)).toEqual(seenOf('1'));
    for (const client of await watching(two)) expect(watched(client)).toEqual(seenOf('2'));
    for (const client of await watching(admin)) expect(watched(client).total).toBe(12);
  });

  it('learns of nothing hidden from pages: each is full but the last, and no cursor names what she may not see', async () => {
    const { agents, queues, calls } = seenOf('2');
    const pages = {
      agents: async (query: string) => {
        const { data, meta } = await get(`/live/agents?${query}`, liveAgents, two);
        return { ids: data.agents.map(({ agentId }) => agentId), next: meta?.nextCursor ?? null };
      },
      queues: async (query: string) => {
        const { data, meta } = await get(`/live/queues?${query}`, liveQueues, two);
        return { ids: data.queues.map(({ queueId }) => queueId), next: meta?.nextCursor ?? null };
      },
      calls: async (query: string) => {
        const { data, meta } = await get(`/live/calls?${query}`, liveCalls, two);
        return { ids: data.calls.map(({ callId }) => callId), next: meta?.nextCursor ?? null };
      },
    };
    for (const [path, all] of Object.entries({ agents, queues: queues[0] ?? [], calls })) {
      const read = pages[path as keyof typeof pages]; // Its own key.
      for (const [place, id] of all.entries()) {
        const cursor = place === 0 ? '' : `&cursor=${encodeURIComponent(all[place - 1] ?? '')}`;
        const next = place === all.length - 1 ? null : id;
        expect(await read(`limit=1${cursor}`)).toEqual({ ids: [id], next });
      }
      // Nor from a cursor she makes up.
      expect(await read('cursor=a1')).toEqual({ ids: all, next: null });
    }
  });

  it('has a queue taken from her screens when it moves to another sector, and given to her neighbour’s', async () => {
    const [hers, theirs] = [await watching(one), await watching(two)];
    await change('PATCH', '/settings/queues/q1a', { sectorId: 'two' });
    const has = (client: Client) => idsOf(client, 'queue:today').includes('q1a');
    await until(() => !hers.some(has) && theirs.every(has), 'it has moved');
    for (const client of hers) {
      expect(watched(client)).toMatchObject({ total: 3, calls: ['q1b call 1', 'q1b call 2', 'q1b call 3'] });
    }
    for (const client of theirs) expect(watched(client).total).toBe(9);
    expect((await asked(one)).queues[0]).toEqual(['q1b']);
    expect((await asked(two)).queues[0]).toEqual(['q1a', 'q2a', 'q2b']);
  });

  it('[S13] who is given another sector watches that one from then on, by the same socket and token', async () => {
    const hers = await watching(one);
    const before = hers.map(({ told }) => told.length);
    const move = (sectors: string[], role = 'supervisor') =>
      server.test.ownerSql.begin(async (tx) => {
        await tx`select set_config('app.tenant_id', ${server.test.tenantId}, true)`;
        await tx`update memberships set sectors = ${sectors}, role = ${role} where account_id = ${accountId}`;
      });
    await move(['two']);
    await until(
      () => hers.every((client) => idsOf(client, 'queue:today')[0] === 'q2a'),
      'they are re-scoped',
    );
    hers.forEach((client, i) => {
      expect(watched(client)).toEqual(seenOf('2'));
      expect(client.closed()).toBeNull();
      const since = client.told.slice(before[i]);
      expect(since.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
      expect(JSON.stringify(since.slice(since.findIndex(({ type }) => type === 'snapshot')))).not.toMatch(
        /"q1a|"a1"/,
      );
    });
    expect(await asked(one)).toEqual(seenOf('2'));

    for (const { told } of hers) expect(told.filter(({ type }) => type === 'access_changed')).toHaveLength(1);

    await move([], 'supervisor');
    await until(() => hers.every((client) => idsOf(client, 'queue:today').length === 4), 'they see all');
    await move(['one'], 'manager'); // A manager sees all there is, whatever the membership names.
    await until(async () => (await asked(one)).total === 12, 'so do requests');
    await move(['one']);
    await until(
      () => hers.every((client) => idsOf(client, 'queue:today').length === 2),
      'they are held again',
    );
    for (const client of hers) expect(watched(client)).toEqual(seenOf('1'));
  });
});
