import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentView } from '../../shared/contract/metrics.ts';
import { AUDIENCES, type Audience } from '../../shared/contract/permissions.ts';
import { type Scope, scope } from '../../shared/contract/protocol.ts';
import { type Principal, sightOf } from '../access/principal.ts';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { AppError } from '../http/errors.ts';
import { type Client, plainClient, socketIoClient, valuesOf } from './sockets/clients.ts';
import { append, until } from './testing.ts';
import { type LiveServer, startLive } from './testServer.ts';

/** Screens before different eyes, side by side on both transports; their principals are given by the test. */

let test: TestDatabase;
let server: LiveServer;
let tenantId: string;
const principals = new Map<string, Principal>();
const clients: Client[] = [];

const AGENTS = [
  { id: 'Agent/Mabel', name: 'Mabel Sugar-Candy', sector: 'one' },
  { id: 'Agent/Percy', name: 'Percy Wolverton', sector: 'one' },
  { id: 'Agent/Zelda', name: 'Zelda Quince', sector: 'two' },
  { id: 'Agent/Zelda2', name: 'Zelda Quiller', sector: 'two' },
  { id: 'Winifred Unnamed', name: null, sector: 'two' },
];
const CALLER = '+49 30 555';

beforeAll(async () => {
  test = await createTestDatabase();
  server = await startLive(test.db, {
    verify: async (token) => {
      const principal = principals.get(token);
      if (!principal) throw new AppError('unauthorized');
      return principal;
    },
  });
  tenantId = test.tenantId;
  await inTenant(test.db, tenantId, async (tx) => {
    await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'one', 'One'), (${tenantId}, 'two', 'Two')`;
    await tx`
      insert into queues (tenant_id, id, name, sector_id)
      values (${tenantId}, 'q1', 'First', 'one'), (${tenantId}, 'q2', 'Second', 'two')`;
    for (const { id, name, sector } of AGENTS) {
      await tx`
        insert into agents (tenant_id, id, name, sector_id) values (${tenantId}, ${id}, ${name ?? id}, ${sector})`;
    }
  });
  await append(test.db, tenantId, [
    ...AGENTS.flatMap(({ id }) =>
      ['q1', 'q2'].map((queue) => ({ kind: 'agent.joined', occurredAt: ago(600), agent: id, queue })),
    ),
    ...AGENTS.map(({ id }) => ({ kind: 'agent.signed_in', occurredAt: ago(590), agent: id })),
    ...AGENTS.flatMap(({ id }, i) => talking(`call ${i}`, i % 2 === 0 ? 'q1' : 'q2', id)),
  ]);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await server.close();
  await test.close();
});

const ago = (seconds: number): number => Date.now() - seconds * 1_000;
const talking = (callId: string, queue: string, agent: string) => [
  {
    kind: 'call.queued',
    occurredAt: ago(60),
    callId,
    queue,
    origin: 'inbound',
    caller: `${CALLER} ${callId}`,
  },
  { kind: 'call.answered', occurredAt: ago(50), callId, queue, agent, ringMs: 0 },
];

function screen(audience: Audience, sectors: string[] = [], name = `${audience} of ${sectors}`): string {
  const token = Buffer.from(name).toString('base64url');
  const expiresAt = Date.now() + 600_000;
  principals.set(token, {
    kind: 'screen',
    tenantId,
    screenId: name,
    name,
    board: 'wall',
    sectors,
    audience,
    expiresAt,
  });
  return token;
}

const open = { 'plain WebSocket': plainClient, 'Socket.IO': socketIoClient };
type Transport = keyof typeof open;
const TRANSPORTS: Transport[] = ['plain WebSocket', 'Socket.IO'];

async function watch(transport: Transport, token: string, wish: Partial<Scope> = {}): Promise<Client> {
  const client = await open[transport](server.url);
  clients.push(client);
  client.send({ type: 'authenticate', token });
  client.send({ type: 'subscribe', scope: wish });
  await until(() => client.told.some(({ type }) => type === 'snapshot'), 'a snapshot arrives');
  return client;
}

/** Something happens, and everybody has heard of it. */
async function happen(watchers: readonly Client[], events: Parameters<typeof append>[2]): Promise<void> {
  const last = await append(test.db, tenantId, events);
  await until(() => watchers.every((client) => valuesOf(client).seq >= last), 'everybody has it');
}

const everything: Scope = { ...scope.parse({}), windows: ['last15', 'last30', 'last60', 'today'] };
const keysOf = (client: Client, kind: string): string[] =>
  Object.keys(valuesOf(client).values)
    .filter((key) => key.startsWith(`${kind}:`))
    .sort();

/** Whatever requests can answer somebody who sees this. */
async function answers(token: string, asOf?: number) {
  const principal = principals.get(token);
  if (!principal) throw new Error('Nobody has this token.');
  const sight = sightOf(principal);
  const { live } = server;
  return [
    await live.answer(tenantId, sight, { window: 'today', asOf }),
    await live.queues(tenantId, sight, { window: 'today', limit: 100, asOf }),
    await live.agents(tenantId, sight, { limit: 100, asOf }),
    await live.calls(tenantId, sight, { limit: 100, asOf }),
    live.health(tenantId),
  ];
}

/** Names and ids of people, and what is said of callers, as they would stand in JSON. */
const PEOPLE = [...AGENTS.flatMap(({ id, name }) => [id, id.replace('Agent/', ''), name ?? id]), CALLER];
const namedIn = (text: string): string[] =>
  PEOPLE.filter((person) => text.includes(JSON.stringify(person).slice(1, -1)));

describe('[S81]', () => {
  it('no byte that leaves for a visitor, sent or answered, names a person, whatever is asked and whatever happens', async () => {
    const token = screen('visitor');
    const watchers = await Promise.all(TRANSPORTS.map((transport) => watch(transport, token, everything)));
    const raw: string[] = [];
    for (const { told } of watchers) raw.push(JSON.stringify(told));
    await happen(watchers, [
      ...talking('another', 'q1', 'Agent/Percy'),
      { kind: 'call.missed', occurredAt: ago(5), callId: 'x', queue: 'q1', agent: 'Agent/Mabel', ringMs: 9 },
      {
        kind: 'agent.state_changed',
        occurredAt: ago(4),
        agent: 'Agent/Zelda',
        state: 'paused',
        reason: 'Lunch',
      },
      { kind: 'agent.signed_in', occurredAt: ago(3), agent: 'Agent/Newcomer' },
    ]);
    for (const { told } of watchers) raw.push(JSON.stringify(told));
    raw.push(JSON.stringify(await answers(token)), JSON.stringify(await answers(token, Date.now())));
    expect(
      raw.flatMap((text) => [...namedIn(text), ...(text.includes('Newcomer') ? ['Newcomer'] : [])]),
    ).toEqual([]);
    // It is no empty wall.
    for (const client of watchers) {
      expect(valuesOf(client).values['tenant:today']).toMatchObject({ agentsSignedIn: 6 });
      expect(keysOf(client, 'call').length).toBeGreaterThan(AGENTS.length);
      expect(keysOf(client, 'agent')).toEqual([]);
    }
    const { agents } = (
      await server.live.agents(tenantId, { sectors: null, audience: 'supervisor' }, { limit: 100 })
    ).data;
    expect(namedIn(JSON.stringify(agents))).toEqual(PEOPLE.filter((person) => person !== CALLER));
  });

  it('a floor sees everybody under initials or a nickname and one pseudonym, the same wherever they are', async () => {
    const token = screen('floor');
    await inTenant(
      test.db,
      tenantId,
      (tx) => tx`update agents set nickname = 'Sugar' where tenant_id = ${tenantId} and id = 'Agent/Mabel'`,
    );
    const [plain, socketIo] = [
      await watch('plain WebSocket', token, everything),
      await watch('Socket.IO', token, everything),
    ];
    const agentsOf = (client: Client) =>
      keysOf(client, 'agent').map((key) => valuesOf(client).values[key] as AgentView); // By its key.
    const names = (client: Client) => agentsOf(client).map(({ name }) => name);
    await until(
      () => [plain, socketIo].every((client) => names(client).includes('Sugar')),
      'the nickname is shown',
    );
    // Two Zeldas with the same initials stay two.
    expect(names(plain).filter((name) => name === 'ZQ')).toHaveLength(2);
    expect(names(plain)).toEqual(expect.arrayContaining(['PW', 'WU']));
    expect(keysOf(plain, 'agent')).toEqual(keysOf(socketIo, 'agent'));
    expect(agentsOf(plain).map(({ agentId }) => `agent:${agentId}`)).toEqual(keysOf(plain, 'agent'));

    const percy = agentsOf(plain).find(({ name }) => name === 'PW');
    const talksOfPercy = Object.values(valuesOf(plain).values).filter(
      (value) =>
        (value as { agentId?: string; origin?: string }).origin &&
        (value as AgentView).agentId === percy?.agentId, // Calls.
    );
    expect(talksOfPercy.length).toBeGreaterThan(0);
    const asked = (await server.live.agents(tenantId, { sectors: null, audience: 'floor' }, { limit: 100 }))
      .data.agents;
    expect(asked.map(({ agentId }) => `agent:${agentId}`)).toEqual(keysOf(plain, 'agent'));
    for (const { told } of [plain, socketIo]) expect(namedIn(JSON.stringify(told))).toEqual([]);
    expect(namedIn(JSON.stringify(await answers(token)))).toEqual([]);
  });

  it('pages of a floor go by pseudonym, so neither order nor cursor tells of an id', async () => {
    const sight = { sectors: null, audience: 'floor' } as const;
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const { data, nextCursor } = await server.live.agents(tenantId, sight, { limit: 2, cursor });
      paged.push(...data.agents.map(({ agentId }) => agentId));
      cursor = nextCursor ?? undefined;
      expect(cursor === undefined || paged.includes(cursor)).toBe(true);
    } while (cursor !== undefined);
    expect(paged).toEqual([...paged].sort());
    expect(new Set(paged).size).toBe(6);
  });
});

describe('[S48]', () => {
  it('screens of every audience and sector with one scope have each its own answer, at the same moment', async () => {
    const kinds = [
      ...AUDIENCES.map((audience) => ({ audience, sectors: [] as string[] })),
      ...AUDIENCES.map((audience) => ({ audience, sectors: ['one'] })),
      { audience: 'supervisor' as const, sectors: ['two'] },
    ];
    const watchers = await Promise.all(
      kinds.flatMap(({ audience, sectors }) =>
        TRANSPORTS.map((transport) => watch(transport, screen(audience, sectors), everything)),
      ),
    );
    expect(server.live.health(tenantId).sockets.streams).toBe(kinds.length);
    await happen(watchers, talking('side by side', 'q2', 'Agent/Zelda'));
    kinds.forEach(({ audience, sectors }, i) => {
      for (const client of watchers.slice(2 * i, 2 * i + 2)) {
        const text = JSON.stringify(client.told);
        const hasNames = audience === 'supervisor';
        expect([text.includes(CALLER), namedIn(text).length > 0]).toEqual([hasNames, hasNames]);
        const seesTwo = sectors[0] !== 'one';
        expect(keysOf(client, 'call').includes('call:side by side')).toBe(seesTwo);
        expect(keysOf(client, 'queue').includes('queue:today:q2')).toBe(seesTwo);
        expect(text.includes('Zelda')).toBe(seesTwo && hasNames);
        expect(keysOf(client, 'source')).toEqual(['source:test']);
      }
    });
  });
});

describe('[S13]', () => {
  it.each(TRANSPORTS)(
    'a newer token with another sight changes what is sent from then on (%s)',
    async (transport) => {
      const client = await watch(transport, screen('supervisor', ['one']), everything);
      expect(keysOf(client, 'queue')).toContain('queue:today:q1');
      const before = client.told.length;
      client.send({ type: 'authenticate', token: screen('visitor', ['two']) });
      await until(
        () => client.told.slice(before).some(({ type }) => type === 'snapshot'),
        'another snapshot',
      );
      await happen(
        [client],
        [...talking('of one', 'q1', 'Agent/Mabel'), ...talking('of two', 'q2', 'Agent/Zelda')],
      );
      const since = JSON.stringify(client.told.slice(before));
      expect(since).toContain('call:of two');
      expect([since.includes('of one'), since.includes('"q1"'), namedIn(since)]).toEqual([false, false, []]);
      expect(server.live.health(tenantId).sockets.streams).toBe(1);
    },
  );
});
